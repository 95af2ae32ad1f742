import type { Finding } from '../../core/finding.ts';
import type { PackPath } from '../../core/path.ts';
import { catalogPath } from '../../protocol/catalog.ts';
import { contracts } from '../../protocol/contracts/registry.ts';
import { memoryView, viewBelow } from '../../protocol/contracts/file-view.ts';
import { createSubject } from '../../protocol/contracts/subject.ts';
import { validatePack } from '../../protocol/contracts/validate.ts';
import { commitTime } from '../../release/commit-time.ts';
import type { LoadedPack } from '../../release/pack.ts';
import { readReleaseFiles } from '../../release/release-files.ts';
import { listTree } from '../../release/tree.ts';
import type { InstallContext } from '../context.ts';

/** What a contract reads; larger files are no documents of the protocol. */
const isDocument = (path: PackPath): boolean => /\.(?:json|jsonl|md|ya?ml)$/.test(path);
const maxBytes = 8 * 1024 * 1024;
/** Of all documents together, which are in memory at once. */
const maxTotal = 32 * 1024 * 1024;
/** Records of older packs lie around them; a release that has more of them is not read for it. */
const maxAround = 2000;
const around = 'identity/runtime';

/**
 * What the contracts say of a pack that is about to be installed. Its catalog is judged when it is
 * read, so the contract of that name is left out. Freshness is judged as of the release: it is
 * about a pack at work, and every release grows old.
 *
 * @returns the same for the same release, whenever it is asked; one note where the pack has more
 *   text than is looked at
 */
export async function releaseFindings(
  context: InstallContext,
  { pack, read }: LoadedPack,
  commit: string,
): Promise<readonly Finding[]> {
  const { id, packPath, entries } = pack;
  const files = new Map<PackPath, Uint8Array>();
  // The name of any file counts, the bytes of documents only.
  for (const path of entries.keys()) files.set(`${packPath}/${path}`, new Uint8Array());
  const documents = [...entries].filter(([path, { size }]) => isDocument(path) && size <= maxBytes);
  const total = documents.reduce((sum, [, { size }]) => sum + size, 0);
  if (total > maxTotal) return [unjudged(packPath)];
  for await (const { path, bytes } of read(documents.map(([path]) => path))) {
    files.set(`${packPath}/${path}`, Buffer.from(bytes));
  }
  const surroundings = [{ commit, path: catalogPath }, ...(await recordsAround(context, commit))];
  for await (const { path, bytes } of readReleaseFiles(context.release, surroundings)) {
    if (bytes !== undefined && bytes.byteLength <= maxBytes) files.set(path, bytes);
  }
  const root = memoryView(files);
  const subject = createSubject({
    id,
    now: await commitTime(context.release, commit),
    incoming: true,
    pack: viewBelow(root, packPath),
    catalog: { path: catalogPath, root },
  });
  const chosen = contracts.flatMap((contract) => (contract.id === 'catalog' ? [] : contract.id));
  return validatePack(subject, chosen);
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
