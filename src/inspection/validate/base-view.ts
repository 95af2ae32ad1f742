import type { PackPath } from '../../core/path.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { maxDocumentBytes, memoryView, type FileView } from '../../protocol/documents/file-view.ts';
import { readReleaseFiles } from '../../release/release-files.ts';
import type { InspectionContext } from '../context.ts';
import { packPathIn } from '../releases/pack-path-in.ts';

/** Rulebooks and reports, wherever a contract places them: the append-only files. */
const appendOnly = /\.jsonl?$/;

/**
 * The files of a pack that may be append-only, as they were last installed: what a rulebook must
 * begin with, and the reports that must still exist. Bytes come from the release store; undefined
 * if it no longer has all of them, because an incomplete base would blame the wrong file. `identity
 * verify --all` reports what is missing.
 */
export async function baseView(
  context: InspectionContext,
  { id, files }: InstalledRecord,
): Promise<FileView | undefined> {
  const wanted = Object.entries(files).filter(
    ([path, { size }]) => appendOnly.test(path) && size <= maxDocumentBytes,
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
  for await (const { bytes } of readReleaseFiles(context, names)) {
    const path = wanted[index]?.[0];
    index += 1;
    if (path === undefined || bytes === undefined) return undefined;
    held.set(path, bytes);
  }
  return memoryView(held);
}
