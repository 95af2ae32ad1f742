import { comparePaths, type PackPath } from '../../core/path.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { locateIdentity } from '../../engine/locate-identity.ts';
import { scanInstance, type LocalState } from '../../instance/scan.ts';
import type { InspectionContext } from '../context.ts';

/** The files of an instance against its record. */
export interface VerifiedFiles {
  readonly intact: number;
  readonly modified: readonly PackPath[];
  readonly missing: readonly PackPath[];
  readonly localOnly: readonly PackPath[];
}

/** An instance as it is now, and against its record. */
export interface ComparedInstance {
  /** Absolute. */
  readonly path: string;
  readonly exists: boolean;
  readonly local: LocalState;
  readonly files: VerifiedFiles;
}

/**
 * Hashes every file of an instance.
 *
 * @throws InstallError as `locateIdentity` and `scanInstance`; E_CATALOG_LOCAL
 */
export async function compareInstance(
  context: InspectionContext,
  record: InstalledRecord,
): Promise<ComparedInstance> {
  const { fs, breathe } = context;
  const { path, exists } = locateIdentity(context, record.id);
  context.progress.step(`Hashing ${record.id}`);
  const local = await scanInstance({ fs, path, breathe });
  return { path, exists, local, files: compareWithRecord(record, local) };
}

function compareWithRecord(record: InstalledRecord, local: LocalState): VerifiedFiles {
  const modified: PackPath[] = [];
  const missing: PackPath[] = [];
  let intact = 0;
  for (const [path, base] of Object.entries(record.files).sort(byPath)) {
    const entry = local.get(path);
    if (entry === undefined) missing.push(path);
    else if (entry.kind !== 'file' || entry.sha256 !== base.sha256) modified.push(path);
    else if (entry.executable !== base.executable) modified.push(path);
    else intact += 1;
  }
  const ours = new Set(record.reports);
  const localOnly = [...local]
    .filter(
      ([path, entry]) =>
        entry.kind !== 'directory' && !Object.hasOwn(record.files, path) && !ours.has(path),
    )
    .map(([path]) => path);
  return { intact, modified, missing, localOnly };
}

function byPath(
  [left]: readonly [PackPath, unknown],
  [right]: readonly [PackPath, unknown],
): number {
  return comparePaths(left, right);
}
