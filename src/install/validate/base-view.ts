import type { PackPath } from '../../core/path.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { memoryView, type FileView } from '../../protocol/contracts/file-view.ts';
import { readReleaseFiles } from '../../release/release-files.ts';
import type { InstallContext } from '../context.ts';
import { packPathIn } from '../plan/pack-path-in.ts';

/** A file beyond this is none that a contract reads. */
const maxBytes = 8 * 1024 * 1024;

/**
 * What may be append-only in a pack, as it was last installed: rulebooks and logs, which can only
 * have grown, and reports, which must still be there.
 * Bytes come from the release store; undefined where it no longer has them all, since half a base
 * would accuse the wrong file. `identity verify --all` says what is missing.
 */
export async function baseView(
  context: InstallContext,
  { id, files }: InstalledRecord,
): Promise<FileView | undefined> {
  const wanted = Object.entries(files).filter(
    ([path, { size }]) => /\.jsonl?$/.test(path) && size <= maxBytes,
  );
  const held = new Map<PackPath, Uint8Array>();
  const packPaths = new Map<string, PackPath | undefined>();
  const names: { commit: string; path: PackPath }[] = [];
  for (const [path, { commit }] of wanted) {
    if (!packPaths.has(commit)) packPaths.set(commit, await packPathIn(context, commit, id));
    const packPath = packPaths.get(commit);
    if (packPath === undefined) return undefined;
    names.push({ commit, path: `${packPath}/${path}` });
  }
  let index = 0;
  for await (const { bytes } of readReleaseFiles(context.release, names)) {
    const path = wanted[index]?.[0];
    index += 1;
    if (path === undefined || bytes === undefined) return undefined;
    held.set(path, bytes);
  }
  return memoryView(held);
}
