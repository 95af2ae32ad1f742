import { createHash } from 'node:crypto';
import { documentLimits } from '../core/document.ts';
import { InstallError } from '../core/errors.ts';
import {
  createHiddenTextScan,
  type HiddenFinding,
  type HiddenTextScan,
} from '../core/hidden-text.ts';
import type { PackPath } from '../core/path.ts';
import { printable } from '../core/printable.ts';
import type { PackEntry } from '../core/release.ts';
import type { ObjectPart } from '../platform/git.ts';
import { storeDirectory, type ReleaseContext } from './context.ts';
import { isLfsPointer, lfsPointerBytes } from './lfs.ts';
import { excess, type PackLimits } from './limits.ts';
import { problem, type CheckedEntry, type PackProblem } from './tree-check.ts';

export interface PackContent {
  readonly entries: Map<PackPath, PackEntry>;
  /** The bytes of the first files, as far as the budget allows. */
  readonly held: Map<PackPath, Buffer>;
  readonly documents: Map<PackPath, Buffer>;
  readonly problems: PackProblem[];
  readonly hidden: HiddenFinding[];
}

interface ContentOptions {
  readonly limits: PackLimits;
  /** Files whose bytes are kept, unless they are larger than a document may be. */
  readonly documents: readonly PackPath[];
  /** Bytes to keep. */
  readonly heldBytes: number;
}

/** Files over the limit that are reported before the reading ends. */
const mostOversized = 16;
/** Findings of hidden text in total; each file has a limit of its own. */
const listedHidden = 200;

/**
 * One pass over all bytes: digests, sizes, pointers, hidden text. A file over the limit is not
 * read: git is restarted at the file after it. Ends early, with a problem, when the sum is over its
 * limit.
 */
export async function readContent(
  context: ReleaseContext,
  files: readonly CheckedEntry[],
  options: ContentOptions,
): Promise<PackContent> {
  const reading = new Reading(files, options);
  context.progress.step('Reading the pack', files.length);
  while (!reading.over) {
    const wanted = files.slice(reading.index).map(({ oid }) => oid);
    const reader = context.git.openObjects(storeDirectory(context), 'stream', context.signal);
    try {
      for await (const parts of reader.read(wanted)) {
        const goesOn = parts.every((part) => reading.take(part));
        context.progress.advance(reading.index);
        if (!goesOn) break;
      }
    } finally {
      await reader.close();
    }
  }
  return reading.content();
}

class Reading {
  /** The file that is being read, or is next. */
  index = 0;
  readonly #files: readonly CheckedEntry[];
  readonly #options: ContentOptions;
  readonly #documents: ReadonlySet<PackPath>;
  readonly #content: PackContent = {
    entries: new Map(),
    held: new Map(),
    documents: new Map(),
    problems: [],
    hidden: [],
  };
  #left: number;
  #total = 0;
  #oversized = 0;
  #unlisted = 0;
  #file: FileReading | undefined;
  #ended = false;

  constructor(files: readonly CheckedEntry[], options: ContentOptions) {
    this.#files = files;
    this.#options = options;
    this.#documents = new Set(options.documents);
    this.#left = options.heldBytes;
  }

  get over(): boolean {
    return this.#ended || this.index >= this.#files.length;
  }

  /** @returns whether reading continues in the same process */
  take(part: ObjectPart): boolean {
    const file = this.#files[this.index];
    if (file === undefined) throw new Error('git answered more than it was asked');
    switch (part.kind) {
      case 'header':
        if (part.type !== 'blob' || part.oid !== file.oid) throw incomplete(file.path);
        return this.#begin(file, part.size);
      case 'data':
        this.#file?.push(part.bytes);
        return true;
      case 'end':
        this.#finish(file);
        return true;
      case 'missing':
        throw incomplete(file.path);
    }
  }

  content(): PackContent {
    if (this.#unlisted === 0) return this.#content;
    const message = `hidden text in ${this.#unlisted} more places of the pack`;
    const more = { code: 'HIDDEN_MORE', severity: 'warn', path: '', message } as const;
    return { ...this.#content, hidden: [...this.#content.hidden, more] };
  }

  #begin({ path }: CheckedEntry, size: number): boolean {
    const { limits } = this.#options;
    const { problems } = this.#content;
    this.#total += size;
    if (size > limits.fileBytes) {
      problems.push(problem('LIMIT_FILE', path, excess('fileBytes', size, limits)));
      this.#oversized += 1;
    }
    if (this.#total > limits.totalBytes) {
      problems.push(problem('LIMIT_TOTAL', '', excess('totalBytes', this.#total, limits)));
      this.#ended = true;
    }
    if (this.#oversized > mostOversized) this.#ended = true;
    if (size > limits.fileBytes) this.index += 1;
    if (this.#ended || size > limits.fileBytes) return false;
    const document = this.#documents.has(path);
    if (document && size > documentLimits.bytes) {
      const message = `larger than ${documentLimits.bytes} bytes (${size})`;
      problems.push(problem('DOCUMENT_SIZE', path, message));
    }
    // After the first file that does not fit, none is kept: a small one would retain the whole
    // chunk in which it arrived.
    this.#left = size <= this.#left ? this.#left - size : -1;
    const keep = this.#left >= 0 || (document && size <= documentLimits.bytes);
    this.#file = new FileReading(path, size, keep);
    return true;
  }

  #finish({ path, executable, oid }: CheckedEntry): void {
    const file = this.#file;
    if (file === undefined) return;
    const { entries, held, documents, problems } = this.#content;
    if (isLfsPointer(file.start)) {
      problems.push(problem('LFS_POINTER', path, 'a git-LFS pointer, not the file'));
    }
    entries.set(path, { kind: 'file', sha256: file.sha256(), size: file.size, executable, oid });
    const { bytes } = file;
    if (bytes !== undefined) {
      if (this.#left >= 0) held.set(path, bytes);
      if (this.#documents.has(path) && bytes.length <= documentLimits.bytes) {
        documents.set(path, bytes);
      }
    }
    for (const finding of file.hidden()) {
      if (this.#content.hidden.length < listedHidden) this.#content.hidden.push(finding);
      else this.#unlisted += 1;
    }
    this.index += 1;
  }
}

class FileReading {
  readonly size: number;
  /** The first bytes, of a file that may be a pointer. */
  start = Buffer.alloc(0);
  readonly #hash = createHash('sha256');
  readonly #pieces: Buffer[] | undefined;
  readonly #scan: HiddenTextScan;

  constructor(path: PackPath, size: number, keep: boolean) {
    this.size = size;
    this.#pieces = keep ? [] : undefined;
    this.#scan = createHiddenTextScan(path);
  }

  push(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#pieces?.push(bytes);
    this.#scan.push(bytes);
    if (this.size <= lfsPointerBytes) this.start = Buffer.concat([this.start, bytes]);
  }

  sha256(): string {
    return this.#hash.digest('hex');
  }

  hidden(): HiddenFinding[] {
    return this.#scan.end();
  }

  /** Undefined if they are not to be kept. */
  get bytes(): Buffer | undefined {
    const [only] = this.#pieces ?? [];
    if (this.#pieces === undefined) return undefined;
    return this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces);
  }
}

/** The error for content that is missing although its ref exists. */
export function incomplete(path: PackPath): InstallError {
  return new InstallError(
    'E_SOURCE_UNREACHABLE',
    `The release lacks the content of ${printable(path)}.`,
    { remedy: 'Move the releases.git of the home aside and fetch again.', details: { path } },
  );
}
