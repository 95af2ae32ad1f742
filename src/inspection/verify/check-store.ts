import { join } from 'node:path';
import { sha256 } from '../../core/digest.ts';
import { InstallError } from '../../core/errors.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { readReleaseFiles } from '../../release/release-files.ts';
import { refuseStrangeStore } from '../../release/store-check.ts';
import { checkStoreRefs } from '../../release/store-refs.ts';
import type { InspectionContext } from '../context.ts';
import { packPathIn } from '../releases/pack-path-in.ts';
import { problem, type Note } from './problem.ts';

/** What was checked in the release store. */
export interface CheckedStore {
  readonly bases: number;
  readonly refs: number;
}

/**
 * Checks that every ref of the store leads to a complete release, and that every base can be read.
 */
export async function checkStore(
  context: InspectionContext,
  note: Note,
  records: readonly InstalledRecord[],
): Promise<CheckedStore> {
  const { fs, layout } = context;
  const path = layout.releasesGit;
  const bases = records.flatMap(basesOf);
  if (fs.stat(path) === undefined) {
    if (bases.length > 0) note(problem('BASE_MISSING', { path }, 'There is no release store.'));
    return { bases: 0, refs: 0 };
  }
  try {
    refuseStrangeStore(context);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    note(problem('STORE_UNSAFE', { path }, error.message));
    return { bases: 0, refs: 0 };
  }
  context.progress.step('Reading the release store');
  const readable = await unlessDamaged(context, note, async () => {
    const { refs, broken } = await checkStoreRefs(context);
    for (const name of broken) {
      note(
        problem(
          'STORE_REF_BROKEN',
          { path: join(path, name) },
          `${name} does not lead to a release.`,
        ),
      );
    }
    return refs;
  });
  for (const [key, group] of groupsOf(bases)) {
    await unlessDamaged(context, note, () => checkBases(context, note, key, group));
  }
  return { bases: bases.length, refs: readable ?? 0 };
}

interface Base {
  readonly id: string;
  readonly path: string;
  readonly commit: string;
  readonly sha256: string;
}

function basesOf({ id, files }: InstalledRecord): Base[] {
  return Object.entries(files).map(([path, base]) => ({ id, path, ...base }));
}

/** By release and identity, whose bases share the directory of one pack. */
function groupsOf(bases: readonly Base[]): Map<string, Base[]> {
  const groups = new Map<string, Base[]>();
  for (const base of bases) {
    const key = `${base.commit} ${base.id}`;
    groups.set(key, [...(groups.get(key) ?? []), base]);
  }
  return groups;
}

async function checkBases(
  context: InspectionContext,
  note: Note,
  key: string,
  bases: readonly Base[],
): Promise<void> {
  const [commit = '', id = ''] = key.split(' ');
  const subject = { path: context.layout.releasesGit, id };
  const packPath = await packPathIn(context, commit, id);
  if (packPath === undefined) {
    const message = `Release ${commit} of ${id} is missing from the store, or incomplete.`;
    note(problem('BASE_MISSING', subject, message));
    return;
  }
  const names = bases.map(({ path }) => ({ commit, path: `${packPath}/${path}` }));
  let index = 0;
  for await (const { path, bytes } of readReleaseFiles(context, names)) {
    const base = bases[index];
    index += 1;
    if (bytes !== undefined && sha256(bytes) === base?.sha256) continue;
    const what = bytes === undefined ? 'is not in the store' : 'is not what the record says';
    note(problem('BASE_MISSING', subject, `${commit}:${path} ${what}.`));
  }
}

/** git reports damaged objects and a damaged disk in the same way. */
async function unlessDamaged<T>(
  { layout }: InspectionContext,
  note: Note,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InstallError) || error.code !== 'E_IO') throw error;
    note(problem('STORE_DAMAGED', { path: layout.releasesGit }, error.message));
    return undefined;
  }
}
