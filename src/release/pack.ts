import { createHash, type Hash } from 'node:crypto';
import { InstallError } from '../core/errors.ts';
import type { PackPath } from '../core/path.ts';
import { printable } from '../core/printable.ts';
import type { Pack, PackEntry } from '../core/release.ts';
import { storeDirectory, type ReleaseContext } from './context.ts';
import { isLfsPointer, lfsPointerBytes } from './lfs.ts';
import { defaultLimits, type PackLimits } from './limits.ts';
import { readBlobs } from './release-files.ts';
import { listTree } from './tree.ts';
import {
  checkTree,
  problem,
  refuseProblems,
  type CheckedEntry,
  type PackProblem,
} from './tree-check.ts';
import { nameProblems } from './tree-names.ts';

/** Bytes of pack content kept in memory; what is beyond is read from the store again. */
const heldBytes = 8 * 1024 * 1024;

export interface LoadedPack {
  readonly pack: Pack;
  /**
   * The bytes of files, in the order asked; those beyond the memory budget come from one more
   * git process. A path may be asked for again in a later call.
   * @throws E_BUG for a path that is not in the pack
   */
  readonly read: (
    paths: readonly PackPath[],
  ) => AsyncGenerator<{ readonly path: PackPath; readonly bytes: Buffer }, void, undefined>;
}

export interface ReadPackOptions {
  readonly commit: string;
  /** As the catalog says; validated here. */
  readonly packPath: PackPath;
  readonly id: string;
  readonly limits?: PackLimits | undefined;
  /** Bytes kept in memory, 8 MiB when left out. */
  readonly heldBytes?: number | undefined;
}

/**
 * Reads and validates the pack of one identity: every path and mode first, then every byte, in
 * one `git cat-file`. Bytes are the blob's, whatever `.gitattributes` says.
 *
 * @throws E_PACK_MISSING; E_PACK_PATH, E_PACK_ENTRY, E_PACK_COLLISION, E_PACK_LFS, E_PACK_LIMIT
 *   with every problem in `details.findings` (HOSTILE.md §1)
 */
export async function readPack(
  context: ReleaseContext,
  options: ReadPackOptions,
): Promise<LoadedPack> {
  const { commit, packPath, id, limits = defaultLimits } = options;
  checkPackPath(packPath);
  const raw = await listTree(context, { commit, under: packPath, limits });
  if (raw === undefined || raw.length === 0) {
    throw new InstallError(
      'E_PACK_MISSING',
      `The release has no pack at ${printable(packPath)} (identity ${printable(id)}).`,
      { hint: 'Choose another release or identity.', details: { commit, packPath, id } },
    );
  }
  const checked = checkTree(raw, limits);
  refuseProblems(checked.problems, packPath);
  const held = new Map<PackPath, Buffer>();
  const entries = await readContent(context, checked.entries, {
    limits,
    packPath,
    held,
    budget: options.heldBytes ?? heldBytes,
  });
  return {
    pack: { id, packPath, entries, findings: [] },
    read: (paths) => readAgain(context, entries, held, paths),
  };
}

/** One pass over all bytes: digests, sizes, pointers, limits; keeps what fits the budget. */
async function readContent(
  context: ReleaseContext,
  files: readonly CheckedEntry[],
  options: {
    readonly limits: PackLimits;
    readonly packPath: PackPath;
    readonly held: Map<PackPath, Buffer>;
    readonly budget: number;
  },
): Promise<Map<PackPath, PackEntry>> {
  const { limits, packPath, held } = options;
  const entries = new Map<PackPath, PackEntry>();
  const problems: PackProblem[] = [];
  let left = options.budget;
  let total = 0;
  let index = 0;
  let hash: Hash = createHash('sha256');
  let size = 0;
  let kept: Buffer[] | undefined;
  let start = Buffer.alloc(0);
  context.progress.step('Reading the pack', files.length);
  const reader = context.git.openObjects(storeDirectory(context), 'stream', context.signal);
  try {
    for await (const parts of reader.read(files.map(({ oid }) => oid))) {
      for (const part of parts) {
        const file = files[index];
        if (file === undefined) throw new Error('git answered more than it was asked');
        switch (part.kind) {
          case 'header':
            if (part.type !== 'blob' || part.oid !== file.oid) throw incomplete(file.path);
            hash = createHash('sha256');
            start = Buffer.alloc(0);
            ({ size } = part);
            total += size;
            if (size > limits.fileBytes) {
              const message = `a file over ${limits.fileBytes} bytes`;
              problems.push(problem('LIMIT_FILE', file.path, message));
            }
            if (total > limits.totalBytes) {
              const message = `more than ${limits.totalBytes} bytes in all`;
              problems.push(problem('LIMIT_TOTAL', '', message));
              refuseProblems(problems, packPath);
            }
            // From the first file that does not fit on, none is kept: a small one would hold on to
            // the whole chunk that it arrived in.
            left = size <= left && problems.length === 0 ? left - size : -1;
            kept = left >= 0 ? [] : undefined;
            break;
          case 'data':
            hash.update(part.bytes);
            kept?.push(part.bytes);
            if (size <= lfsPointerBytes) start = Buffer.concat([start, part.bytes]);
            break;
          case 'end': {
            const { path, executable, oid } = file;
            if (isLfsPointer(start)) {
              problems.push(problem('LFS_POINTER', path, 'a git-LFS pointer, not the file'));
            }
            const sha256 = hash.digest('hex');
            entries.set(path, { kind: 'file', sha256, size, executable, oid });
            if (kept !== undefined) held.set(path, joined(kept));
            index += 1;
            if (index % 256 === 0) context.progress.advance(index);
            break;
          }
          case 'missing':
            throw incomplete(file.path);
        }
      }
    }
  } finally {
    await reader.close();
  }
  refuseProblems(problems, packPath);
  return entries;
}

async function* readAgain(
  context: ReleaseContext,
  entries: ReadonlyMap<PackPath, PackEntry>,
  held: ReadonlyMap<PackPath, Buffer>,
  paths: readonly PackPath[],
): AsyncGenerator<{ readonly path: PackPath; readonly bytes: Buffer }, void, undefined> {
  const oids = paths.flatMap((path) => {
    const entry = entries.get(path);
    if (entry === undefined) {
      throw new InstallError('E_BUG', `The pack has no file ${printable(path)}.`);
    }
    return held.has(path) ? [] : [entry.oid];
  });
  const missing = readBlobs(context, oids);
  try {
    for (const path of paths) {
      const inMemory = held.get(path);
      if (inMemory !== undefined) {
        yield { path, bytes: inMemory };
        continue;
      }
      const next = await missing.next();
      if (next.done === true || next.value.bytes === undefined) throw incomplete(path);
      yield { path, bytes: next.value.bytes };
    }
  } finally {
    await missing.return();
  }
}

/** A pack path comes from a catalog that nobody has checked against a file system. */
function checkPackPath(packPath: PackPath): void {
  const problems = packPath
    .split('/')
    .flatMap((name) => nameProblems(name))
    .map(({ code, message }) => problem(code, packPath, message));
  refuseProblems(problems, packPath);
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
}

function incomplete(path: PackPath): InstallError {
  return new InstallError(
    'E_SOURCE_UNREACHABLE',
    `The release lacks the content of ${printable(path)}.`,
    { hint: 'Move the releases.git of the home aside and fetch again.', details: { path } },
  );
}
