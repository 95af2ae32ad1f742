import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { PackPath } from '../../core/path.ts';
import { catalogPath } from '../../protocol/catalog.ts';
import type { Contract } from '../../protocol/contracts/contract.ts';
import { maxDocumentBytes, memoryView, viewBelow } from '../../protocol/contracts/file-view.ts';
import { contracts } from '../../protocol/contracts/registry.ts';
import { createSubject } from '../../protocol/contracts/subject.ts';
import { findingsAgainst } from '../../protocol/contracts/validate.ts';
import { commitTime } from '../../release/commit-time.ts';
import type { LoadedPack } from '../../release/pack.ts';
import { readReleaseFiles } from '../../release/release-files.ts';
import { listTree } from '../../release/tree.ts';
import type { InstallContext } from '../context.ts';

/** What a contract reads. */
const isDocument = (path: PackPath): boolean => /\.(?:json|jsonl|md|ya?ml)$/.test(path);
/** Of all documents together, which are in memory at once. */
const maxTotal = 32 * 1024 * 1024;
/** Records of older packs lie around them; a release that has more of them is not read for it. */
const maxAround = 2000;
const around = 'identity/runtime';

export interface ReleaseToJudge {
  readonly loaded: LoadedPack;
  readonly commit: string;
  /** Whether a check that fails must end the run; else it is one finding among the others. */
  readonly strict: boolean;
}

/**
 * What the contracts say of a pack that is about to be installed. Its catalog is judged when it is
 * read, so the contract of that name is left out. Freshness is judged as of the release: it is
 * about a pack at work, and every release grows old.
 *
 * @param held other contracts than all
 * @returns the same for the same release, whenever it is asked; one note where the pack has more
 *   text than is looked at
 * @throws InstallError E_BUG when a check fails and `strict` is asked for
 */
export async function releaseFindings(
  context: InstallContext,
  { loaded: { pack, read }, commit, strict }: ReleaseToJudge,
  held: readonly Contract[] = contracts,
): Promise<readonly Finding[]> {
  const { id, packPath, entries } = pack;
  const files = new Map<PackPath, Uint8Array>();
  // The name of any file counts, the bytes of documents only.
  for (const path of entries.keys()) files.set(`${packPath}/${path}`, new Uint8Array());
  const documents = [...entries].filter(
    ([path, { size }]) => isDocument(path) && size <= maxDocumentBytes,
  );
  const total = documents.reduce((sum, [, { size }]) => sum + size, 0);
  if (total > maxTotal) return [unjudged(packPath)];
  for await (const { path, bytes } of read(documents.map(([path]) => path))) {
    files.set(`${packPath}/${path}`, Buffer.from(bytes));
  }
  const surroundings = [{ commit, path: catalogPath }, ...(await recordsAround(context, commit))];
  for await (const { path, bytes } of readReleaseFiles(context.release, surroundings)) {
    if (bytes !== undefined && bytes.byteLength <= maxDocumentBytes) files.set(path, bytes);
  }
  const root = memoryView(files);
  const subject = createSubject({
    id,
    now: await commitTime(context.release, commit),
    incoming: true,
    pack: viewBelow(root, packPath),
    catalog: { path: catalogPath, root },
  });
  return held
    .filter(({ id }) => id !== 'catalog')
    .flatMap((contract): readonly Finding[] => {
      try {
        return findingsAgainst([contract], subject);
      } catch (error) {
        if (strict || !(error instanceof InstallError && error.code === 'E_BUG')) throw error;
        return [unchecked(contract, packPath)];
      }
    });
}

/** A defect of ours is no reason to keep somebody from installing what is good. */
function unchecked({ id }: Contract, path: PackPath): Finding {
  const message = `The check of ${id} failed on this pack: a defect of the installer, not of the pack. Please report it; "identity validate" in the pack's repository has the details.`;
  return { code: 'CONTRACT_UNCHECKED', severity: 'warn', contract: id, path, message };
}

function unjudged(path: PackPath): Finding {
  const message = `It has more than ${maxTotal / 1024 / 1024} MiB of documents, which are not held against the contracts.`;
  return { code: 'PACK_NOT_JUDGED', severity: 'info', path, message };
}

async function recordsAround(context: InstallContext, commit: string) {
  const listing = await listTree(context.release, { commit, under: around });
  const paths = (listing?.entries ?? [])
    .filter(({ mode }) => (mode & 0o170000) === 0o100000)
    .map(({ parts }) => `${around}/${parts.map((part) => part.toString('utf8')).join('/')}`)
    .filter((path) => isDocument(path) && !/[\n\0]/.test(path));
  return paths.length > maxAround ? [] : paths.map((path) => ({ commit, path }));
}
