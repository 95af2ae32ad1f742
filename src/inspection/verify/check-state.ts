import { basename, join } from 'node:path';
import { parseJson } from '../../core/bounded-json.ts';
import { InstallError } from '../../core/errors.ts';
import { isOperationRef, type OperationRef } from '../../core/operation-ref.ts';
import { readLocalCatalog } from '../../protocol/local-catalog.ts';
import { isMembers, member } from '../../protocol/documents/members.ts';
import type { InspectionContext } from '../context.ts';
import { lateBytesIn } from '../../engine/transaction/displaced.ts';
import { isUnfinished, readJournal, readPending } from '../../engine/journal/journal.ts';
import type { PendingOperation } from '../../engine/journal/pending-operations.ts';
import { attempt, problem, type Note } from './problem.ts';

/** An operation in flight. */
export type Pending = Pick<PendingOperation, 'ref' | 'id'>;

/** Operations that were interrupted and have not been recovered. */
export async function checkJournal(context: InspectionContext, note: Note): Promise<Pending[]> {
  const { fs, layout } = context;
  const pending: Pending[] = [];
  for (const path of entriesOf(context, layout.journal)) {
    // Its intent was never completed: nothing was touched, and the next command discards it.
    if (isUnfinished(fs, path)) continue;
    const ref = basename(path);
    await attempt(
      { path, ref },
      () => {
        const { id } = readPending(fs, layout, path).intent;
        pending.push({ ref, id });
        note(
          problem('JOURNAL_PENDING', { path, ref, id }, `Operation ${ref} has not been recovered.`),
        );
      },
      note,
    );
  }
  return pending;
}

export async function checkLocalCatalog(context: InspectionContext, note: Note): Promise<void> {
  const { fs, layout } = context;
  const path = layout.localCatalog;
  if (fs.stat(path) === undefined) return;
  await attempt({ path }, () => readLocalCatalog(fs.read(path), path), note);
}

/** Files that operations removed from instances, and whether somebody has written to them since. */
export async function checkDisplaced(
  context: InspectionContext,
  note: Note,
  recorded: ReadonlySet<OperationRef>,
): Promise<void> {
  for (const path of entriesOf(context, context.layout.displacedDirectory)) {
    const ref = basename(path);
    if (!recorded.has(ref)) note(problem('DISPLACED_ORPHANED', { path }));
    if (!isOperationRef(ref)) continue;
    await attempt({ path, ref }, () => checkSlots(context, note, path, ref), note);
  }
}

function checkSlots(
  { fs, layout }: InspectionContext,
  note: Note,
  path: string,
  ref: OperationRef,
): void {
  try {
    const journal = readJournal(fs, layout.home, path);
    const { id } = journal.intent;
    for (const late of lateBytesIn(fs, journal)) {
      note(problem('LATE_BYTES', { path: late.path, ref, id }, late.message));
    }
  } catch (error) {
    if (!(error instanceof InstallError) || error.code !== 'E_JOURNAL_DAMAGED') throw error;
    note(problem('DISPLACED_DAMAGED', { path, ref }));
  }
}

/** Protocol reports that wait for the next install of their identity. */
export async function checkReports(context: InspectionContext, note: Note): Promise<void> {
  const { fs, layout } = context;
  for (const directory of entriesOf(context, layout.reportsDirectory)) {
    const id = basename(directory);
    for (const path of entriesOf(context, directory)) {
      // One that was being written when its run died; it is never published.
      if (path.endsWith('.new')) continue;
      const check = () => {
        if (!isReport(fs.read(path), id)) note(problem('REPORT_DAMAGED', { path, id }));
      };
      await attempt({ path, id }, check, note);
    }
  }
}

/** The paths of a large instance. */
const reportLimits = { bytes: 256 * 1024 * 1024, depth: 16, members: 10_000_000 };

function isReport(bytes: Buffer, id: string): boolean {
  try {
    const report = parseJson(bytes, { path: 'report', limits: reportLimits });
    return isMembers(report) && member(report, 'identity_id') === id;
  } catch (error) {
    if (error instanceof InstallError) return false;
    throw error;
  }
}

function entriesOf({ fs }: InspectionContext, directory: string): string[] {
  if (fs.stat(directory)?.kind !== 'directory') return [];
  return fs.list(directory).map((name) => join(directory, name));
}
