/** Checks a directory or an archive before a byte of it is imported. */
import { InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { ArchiveError, type ArchiveLimits, type ArchiveMember } from '../platform/archive.ts';
import type { ReleaseContext } from './context.ts';
import { scanDirectory, type ScannedFile } from './directory-scan.ts';
import { excess, limitsOf, type PackLimits } from './limits.ts';
import type { Source } from './source.ts';
import { unreadableSource } from './source-local.ts';
import { checkTree, problem, refuseProblems, type PackProblem } from './tree-check.ts';
import { isUnholdable } from './tree-names.ts';

/** What may surround a path of a pack: a top directory, and `identity/packs/<id>/`. */
const roomAround = 512;
/** Problems of one archive that are reported. */
const mostProblems = 100;

/**
 * Checks the whole source before anything is imported: problems are reported at once, and git does
 * not compress a gigabyte that is refused in the end.
 * @returns the files of a directory
 */
export async function refuseUnsafe(
  context: ReleaseContext,
  source: Source,
): Promise<ScannedFile[]> {
  try {
    if (source.kind === 'directory') return safeFiles(context, source);
    refuseProblems(await archiveProblems(context, source.url), source.url);
    return [];
  } catch (error) {
    throw unreadableSource(source.url, error);
  }
}

function safeFiles(
  context: ReleaseContext,
  { url, form }: Source & { readonly kind: 'directory' },
): ScannedFile[] {
  const limits = limitsOf(context);
  const { files, problems } = scanDirectory(context.fs, url, limits);
  if (problems.length > 0) {
    refuseProblems([...problems, ...(form === 'pack' ? treeProblems(files, limits) : [])], url);
  }
  return files;
}

/** What the check of the imported tree would report. */
function treeProblems(files: readonly ScannedFile[], limits: PackLimits): PackProblem[] {
  const entries = files.map(({ path, kind }) => ({
    parts: path.split('/').map((part) => Buffer.from(part)),
    mode: kind === 'link' ? 0o120000 : 0o100644,
    oid: '',
  }));
  return checkTree({ entries, found: entries.length }, limits).problems;
}

/** @throws E_SOURCE_UNREACHABLE for a damaged archive */
async function archiveProblems(context: ReleaseContext, path: string): Promise<PackProblem[]> {
  const limits = limitsOf(context);
  const problems: PackProblem[] = [];
  try {
    await context.archive.unpack(context.fs.readChunks(path), archiveLimits(limits), (member) => {
      const found = memberProblem(member, limits);
      if (found !== undefined && problems.length < mostProblems) problems.push(found);
    });
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    if (error.reason === 'damaged') throw damagedArchive(path, error);
    // The reader stops at what it refuses.
    problems.push(refusalProblem(error, limits));
  }
  return problems;
}

export function memberProblem(
  { path, kind, mode }: ArchiveMember,
  limits: PackLimits,
): PackProblem | undefined {
  const bytes = Buffer.byteLength(path);
  if (bytes > limits.pathBytes + roomAround) {
    return problem('LIMIT_PATH', `${path.slice(0, 60)}…`, excess('pathBytes', bytes, limits));
  }
  if (path.split('/').some(isUnholdable)) {
    return problem('PATH_GIT', path, 'a path that leads elsewhere, or into a repository');
  }
  if (kind === 'file' && (mode & 0o7000) !== 0) {
    return problem('ENTRY_MODE', path, 'a set-user-id, set-group-id or sticky file');
  }
  return undefined;
}

export function refusalProblem(
  { excess: over, message }: ArchiveError,
  limits: PackLimits,
): PackProblem {
  switch (over?.limit) {
    case 'members':
      return problem('LIMIT_ENTRIES', '', excess('entries', over.found, limits));
    case 'memberBytes':
      return problem('LIMIT_FILE', over.path ?? '', excess('fileBytes', over.found, limits));
    case 'totalBytes':
      return problem('LIMIT_TOTAL', '', excess('totalBytes', over.found, limits));
    case undefined:
      return problem('ENTRY_MEMBER', '', printable(message));
  }
}

export function archiveLimits(limits: PackLimits): ArchiveLimits {
  return {
    members: limits.entries,
    memberBytes: limits.fileBytes,
    totalBytes: limits.totalBytes,
  };
}

/** @returns the error for bytes that are not a valid archive */
export function damagedArchive(path: string, cause: ArchiveError): InstallError {
  const message = `${printable(path)}: ${printable(cause.message)}`;
  return new InstallError('E_SOURCE_UNREACHABLE', message, {
    remedy: 'Pack it again with tar czf from regular files and directories, without links.',
    details: { path, reason: cause.reason },
    cause,
  });
}
