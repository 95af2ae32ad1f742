import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { PackPath } from '../../core/path.ts';
import { catalogPath } from '../../protocol/catalog.ts';
import type { Contract } from '../../protocol/contracts/contract.ts';
import { contracts } from '../../protocol/contracts/registry.ts';
import { createSubject } from '../../protocol/contracts/subject/subject.ts';
import { findingsAgainst } from '../../protocol/contracts/validate.ts';
import {
  isDocument,
  maxDocumentBytes,
  memoryView,
  viewBelow,
} from '../../protocol/documents/file-view.ts';
import { commitTime } from '../../release/commit-time.ts';
import type { LoadedPack } from '../../release/pack.ts';
import { readReleaseFiles } from '../../release/release-files.ts';
import { listTree } from '../../release/tree.ts';
import type { OperationContext } from '../context.ts';

/** The names of all files count, but the bytes only of documents. */
const nameOnly = new Uint8Array();
/** Missing files are found as soon as a pack is read. */
const foundBefore = 'PACK_FILE_MISSING';
/** The limit of all documents together, which are in memory at the same time. */
const maxTotal = 32 * 1024 * 1024;
/**
 * Records of older packs lie around them; of a release with more files than this, they are not
 * read.
 */
const maxAround = 2000;
const around = 'identity/runtime';

export interface ReleaseToCheck {
  readonly loaded: LoadedPack;
  readonly commit: string;
  /** Whether a failing check must end the run; otherwise it is one finding among the others. */
  readonly strict: boolean;
}

/**
 * The findings of the contracts about a pack that is to be installed. Its catalog is checked when
 * it is read, so the contract `catalog` is left out, and so are missing required files. Freshness
 * is checked as of the release, because it concerns a pack in use, and every release grows old.
 *
 * @param held other contracts than all
 * @returns the same for the same release, whenever it is called; one note if the pack has more text
 *   than is checked
 * @throws InstallError E_BUG if a check fails and `strict` is set
 */
export async function releaseFindings(
  context: OperationContext,
  { loaded: { pack, read }, commit, strict }: ReleaseToCheck,
  held: readonly Contract[] = contracts,
): Promise<readonly Finding[]> {
  const { id, packPath, entries } = pack;
  const files = new Map<PackPath, Uint8Array>();
  const tooLarge = new Map<PackPath, 'large'>();
  const documents: PackPath[] = [];
  let total = 0;
  for (const [path, { size }] of entries) {
    if (!isDocument(path)) files.set(`${packPath}/${path}`, nameOnly);
    else if (size > maxDocumentBytes) tooLarge.set(`${packPath}/${path}`, 'large');
    else {
      documents.push(path);
      total += size;
    }
  }
  if (total > maxTotal) return [notChecked(packPath)];
  for await (const { path, bytes } of read(documents)) {
    files.set(`${packPath}/${path}`, Buffer.from(bytes));
  }
  const surroundings = [{ commit, path: catalogPath }, ...(await recordsAround(context, commit))];
  for await (const file of readReleaseFiles(context, surroundings, maxDocumentBytes)) {
    total += file.size;
    if (total > maxTotal) return [notChecked(packPath)];
    if (file.bytes !== undefined) files.set(file.path, file.bytes);
    else if (file.size > 0) tooLarge.set(file.path, 'large');
  }
  const root = memoryView(files, '', tooLarge);
  const subject = createSubject({
    id,
    now: await commitTime(context, commit),
    incoming: true,
    pack: viewBelow(root, packPath),
    catalog: { path: catalogPath, root },
  });
  return held
    .filter(({ id }) => id !== 'catalog')
    .flatMap((contract): readonly Finding[] => {
      try {
        return findingsAgainst([contract], subject).filter(({ code }) => code !== foundBefore);
      } catch (error) {
        if (strict || !(error instanceof InstallError && error.code === 'E_BUG')) throw error;
        return [unchecked(contract, packPath)];
      }
    });
}

/** A defect of ours must not prevent anybody from installing a good pack. */
function unchecked({ id }: Contract, path: PackPath): Finding {
  const message = `The check of ${id} failed on this pack: a defect of the installer, not of the pack. Please report it; validating the pack in its repository shows the details.`;
  return { code: 'CONTRACT_UNCHECKED', severity: 'warn', contract: id, path, message };
}

function notChecked(path: PackPath): Finding {
  const message = `There are more than ${maxTotal / 1024 / 1024} MiB of documents in and around it, which are not checked against the contracts.`;
  return { code: 'PACK_NOT_JUDGED', severity: 'info', path, message };
}

async function recordsAround(context: OperationContext, commit: string) {
  const listing = await listTree(context, { commit, under: around });
  const paths = (listing?.entries ?? [])
    .filter(({ mode }) => (mode & 0o170000) === 0o100000)
    .map(({ parts }) => `${around}/${parts.map((part) => part.toString('utf8')).join('/')}`)
    .filter((path) => isDocument(path) && !/[\n\0]/.test(path));
  return paths.length > maxAround ? [] : paths.map((path) => ({ commit, path }));
}
