import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { HiddenFinding } from '../core/hidden-text.ts';
import type { PackPath } from '../core/path.ts';
import { printable } from '../core/printable.ts';
import type { Pack, PackEntry } from '../core/release.ts';
import type { ReleaseContext } from './context.ts';
import { limitsOf } from './limits.ts';
import { incomplete, readContent } from './pack-content.ts';
import { readBlobs } from './release-files.ts';
import { listTree } from './tree.ts';
import { checkTree, problem, refuseProblems, type PackProblem } from './tree-check.ts';
import { nameProblems } from './tree-names.ts';

/** Bytes of pack content kept in memory; the rest is read from the store again. */
const heldBytes = 8 * 1024 * 1024;

export interface LoadedPack {
  readonly pack: Pack;
  /**
   * The bytes of files, in the order asked; those beyond the memory budget come from one more git
   * process. A later call may request the same path again.
   * @throws E_BUG for a path that is not in the pack
   */
  readonly read: (
    paths: readonly PackPath[],
  ) => AsyncGenerator<{ readonly path: PackPath; readonly bytes: Buffer }, void, undefined>;
}

export interface ReadPackOptions {
  readonly commit: string;
  /** As the catalog gives it; validated here. */
  readonly packPath: PackPath;
  readonly id: string;
  /** Makes hidden text an error. */
  readonly strict?: boolean | undefined;
  /** Documents that are checked together with everything else in the pack. */
  readonly documents?: DocumentCheck | undefined;
  /** Bytes kept in memory; default: 8 MiB. */
  readonly heldBytes?: number | undefined;
}

export interface DocumentCheck {
  readonly paths: readonly PackPath[];
  /**
   * Receives those that exist and are not larger than a document may be, and the paths of all
   * files.
   *
   * @returns why the pack is refused, each E_DOCUMENT_INVALID or E_PACK_ID_MISMATCH
   */
  readonly refusals: (
    documents: ReadonlyMap<PackPath, Buffer>,
    paths: ReadonlySet<PackPath>,
  ) => readonly InstallError[];
}

/**
 * Reads and validates the pack of one identity: every path and mode, then every byte, in one `git
 * cat-file`. Bytes are the blob's, whatever `.gitattributes` says. One run reports as much as
 * possible: a bad name does not prevent a bad document from being reported.
 *
 * @throws E_PACK_MISSING; E_PACK_PATH, E_PACK_ENTRY, E_PACK_COLLISION, E_PACK_LFS, E_PACK_LIMIT,
 *   E_DOCUMENT_INVALID, E_PACK_ID_MISMATCH, E_PACK_HIDDEN_TEXT with every problem in
 *   `details.findings` (docs/hostile-input.md#tree-entries)
 */
export async function readPack(
  context: ReleaseContext,
  options: ReadPackOptions,
): Promise<LoadedPack> {
  const { commit, packPath, id, documents } = options;
  checkPackPath(packPath);
  const listing = await listTree(context, { commit, under: packPath });
  if (listing === undefined || listing.entries.length === 0) {
    throw new InstallError(
      'E_PACK_MISSING',
      `The release has no pack at ${printable(packPath)} (identity ${printable(id)}).`,
      { remedy: 'Choose another release or identity.', details: { commit, packPath, id } },
    );
  }
  const limits = limitsOf(context);
  const checked = checkTree(listing, limits);
  const content = await readContent(context, checked.entries, {
    limits,
    documents: documents?.paths ?? [],
    heldBytes: options.heldBytes ?? heldBytes,
  });
  const { entries, held, hidden } = content;
  const paths = new Set(checked.entries.map(({ path }) => path));
  const refusals = documents?.refusals(content.documents, paths) ?? [];
  const problems = [...checked.problems, ...content.problems, ...refusals.map(documentProblem)];
  if (options.strict === true) {
    refuseProblems([...problems, ...hidden.map(asProblem)], packPath);
  } else refuseProblems(problems, packPath, hidden);
  return {
    pack: { id, packPath, entries, findings: hidden },
    read: (paths) => readAgain(context, entries, held, paths),
  };
}

function documentProblem(error: InstallError): PackProblem {
  const { path, line, column } = error.details as Partial<Finding>;
  return {
    code: error.code === 'E_PACK_ID_MISMATCH' ? 'ID_MISMATCH' : 'DOCUMENT_INVALID',
    severity: 'error',
    path: path ?? '',
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    message: printable(error.message.replace(/\.$/, '')),
  };
}

function asProblem(finding: HiddenFinding): PackProblem {
  const { path, line, column, message } = finding;
  const place = line === undefined ? path : `${path}:${line}:${column ?? 1}`;
  return { ...finding, severity: 'error', message: `${printable(place)}: ${message}` };
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

/** A pack path comes from a catalog that has not been checked against any file system. */
function checkPackPath(packPath: PackPath): void {
  const problems = packPath
    .split('/')
    .flatMap((name) => nameProblems(name))
    .map(({ code, message }) => problem(code, packPath, message));
  refuseProblems(problems, packPath);
}
