import { isAbsolute, join, relative, resolve } from 'node:path';
import { InstallError } from '../../core/errors.ts';
import { isInside } from '../../core/containment.ts';
import type { HomeLayout } from '../../instance/layout.ts';
import { locateInstance, usualPlaces } from '../../instance/locate.ts';
import { readRecord } from '../../instance/record-file.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { strayFrom } from '../../platform/files/working-tree.ts';
import { catalogPlace } from '../locate-identity.ts';
import { readEvidence } from '../trail/evidence.ts';
import { readLedger } from '../trail/ledger.ts';
import { rootsNow } from '../trail/trusted-trail.ts';
import type { Intent } from './intent.ts';
import type { Roots } from '../live-state.ts';

/** Whether the roots are absolute paths in the form in which this program writes them. */
export function areRoots(roots: Partial<Record<keyof Roots, unknown>>): boolean {
  return [roots.home, roots.instance].every(
    (path) => typeof path === 'string' && isAbsolute(path) && resolve(path) === path,
  );
}

/**
 * The intent with the current places of its home. A home may have been moved or copied since: an
 * instance inside moved with it, and one that stayed behind must not be changed from this home.
 */
export function placedIn(home: string, intent: Intent): Intent {
  if (!isInside(intent.instance, intent.home)) return { ...intent, home };
  return { ...intent, home, instance: join(home, relative(intent.home, intent.instance)) };
}

/**
 * Whether this home may have the instance that an intent names: in one of the usual places, or
 * where its local catalog, its record or the evidence of the undone operation has it. An intent
 * alone does not prove this, because it is not chained to anything.
 *
 * @param written as it is in the journal
 * @param placed the same, after `placedIn`
 */
export function isPlausible(
  fs: ReadFileSystem,
  layout: HomeLayout,
  written: Intent,
  placed: Intent,
): boolean {
  const { home, stateDirectory } = layout;
  const { id, instance } = placed;
  if (isInside(home, instance) || isInside(instance, stateDirectory)) return false;
  if (usualPlaces(home, id).includes(instance)) return true;
  if (strayFrom(fs, home, instance) !== undefined) return false;
  // Two homes, a copy and its original, would share an instance outside both.
  if (!isInside(instance, home) && written.home !== home) return false;
  return [placeInCatalog, placeOnRecord, placeInEvidence].some(
    (place) => orUnknown(() => place(fs, layout, placed)) === instance,
  );
}

function placeInCatalog(
  fs: ReadFileSystem,
  layout: HomeLayout,
  { id }: Intent,
): string | undefined {
  const packPath = catalogPlace({ fs, layout }, id);
  if (packPath === undefined) return undefined;
  return locateInstance({ fs, home: layout.home, id, localCatalogPackPath: packPath }).path;
}

function placeOnRecord(
  fs: ReadFileSystem,
  { home, recordFile }: HomeLayout,
  { id }: Intent,
): string | undefined {
  const record = readRecord(fs, recordFile(id));
  return record === undefined ? undefined : resolve(home, record.instance);
}

/** If catalog and record are gone: an undo removes the record before it is recorded itself. */
function placeInEvidence(
  fs: ReadFileSystem,
  { home, ledger, evidenceDirectory }: HomeLayout,
  { id, evidence: { undoes } }: Intent,
): string | undefined {
  const entry = readLedger(fs, ledger).entries.find(
    ({ ref, identity_id: whose }) => ref === undoes && whose === id,
  );
  if (entry === undefined) return undefined;
  return rootsNow(readEvidence(fs, evidenceDirectory, entry), home).instance;
}

/** Files that cannot be read prove nothing. */
function orUnknown<T>(ask: () => T | undefined): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof InstallError) return undefined;
    throw error;
  }
}
