import { join } from 'node:path';
import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { OperationRef } from '../core/operation-ref.ts';
import { readRecord } from '../instance/record-file.ts';
import type { InstalledRecord } from '../core/record.ts';
import type { Change, FilePathState } from './transaction/change.ts';
import { completedOperation } from './trail/completed-operation.ts';
import type { InstallContext } from './context.ts';
import type { Evidence, EvidenceFile } from './trail/evidence.ts';
import { exchangeKind } from './transaction/exchange-probe.ts';
import {
  operationsOf,
  resolveReference,
  undoSequence,
  unknownReference,
  type Operation,
} from './trail/history.ts';
import type { Intent } from './transaction/journal.ts';
import { readLedger, type Ledger } from './trail/ledger.ts';
import { livePath, type Roots } from './transaction/live-state.ts';
import { pairOf } from './report/outcome-pair.ts';
import { reportOutcome } from '../protocol/install-report.ts';
import { planRollback, type PlannedRollback } from './plan/plan-rollback.ts';
import { refuseOtherPlan, requireOneFileSystem, requireSpace } from './plan/preflight.ts';
import { isUnused, withSession, type Session } from './session.ts';
import { signatureOfInstance } from './trail/signature.ts';
import { octal, type SnapshotFile, type SnapshotRequest } from './trail/snapshot.ts';
import { runTransaction, type ContentSource } from './transaction/transaction.ts';
import { openSnapshotOf, rootsNow, trustedTrail } from './trail/trusted-trail.ts';
import type {
  OperationWarning,
  RollbackOutcome,
  RollbackRequest,
  RollbackRun,
} from './use-cases.ts';

/**
 * Undoes an operation, or everything a run did, newest first; each undo is an operation of its own
 * with its own snapshot, evidence and undo (DESIGN.md §6).
 *
 * @throws InstallError E_REF_UNKNOWN, E_REF_AMBIGUOUS, E_NOTHING_TO_UNDO, E_ROLLBACK_BLOCKED,
 *   E_SNAPSHOT_DAMAGED, E_EVIDENCE_DAMAGED, E_LEDGER_DAMAGED, E_PLAN_CHANGED, E_INSTANCE_CHANGED, E_HOME_LOCKED
 */
export async function rollback(
  context: InstallContext,
  request: RollbackRequest,
): Promise<RollbackRun> {
  if (isUnused(context)) throw unknownReference(request.ref, context.layout.home);
  return await withSession(context, async (session) => {
    const { runId } = session;
    const ledger = readLedger(context.fs, context.layout.ledger);
    const sequence = sequenceOf(context, request, ledger);
    refuseOneForMany(request, sequence);
    const trail = await trustedTrail(context, ledger, sequence);
    const operations: RollbackOutcome[] = [];
    for (const evidence of trail) {
      const revives = sequence.find(({ ref }) => ref === evidence.ref)?.undoes ?? null;
      operations.push(await undoOne(context, session, { evidence, revives, runId, request }));
      // Later steps of a sequence are planned on what the earlier ones will have done, which a
      // dry plan cannot show.
      if (request.stopAfter === 'plan') break;
    }
    const notPlanned = sequence.slice(operations.length).map(({ ref }) => ref);
    const { recovered } = session;
    return { home: context.layout.home, runId, operations, notPlanned, recovered };
  });
}

/**
 * What was said about one operation must not be taken for all of a sequence: a digest would hold for
 * the first undo and stop before the second, and paths would be lost on the way.
 */
function refuseOneForMany(request: RollbackRequest, sequence: readonly Operation[]): void {
  const option =
    request.planDigest !== undefined
      ? 'plan-digest'
      : request.paths.length > 0
        ? 'path'
        : undefined;
  if (sequence.length < 2 || option === undefined) return;
  const refs = sequence.map(({ ref }) => ref);
  throw new InstallError(
    'E_USAGE',
    `--${option} is about one operation; here ${refs.length} would be undone.`,
    {
      hint: `Nothing was changed. Undo them one by one, in this order: ${refs.join(', ')}.`,
      details: { option, refs },
    },
  );
}

function sequenceOf(
  context: InstallContext,
  request: RollbackRequest,
  ledger: Ledger,
): readonly Operation[] {
  const operations = operationsOf(ledger.entries);
  const wish = { through: request.through, undoCommand: context.undoCommand };
  const named = resolveReference(operations, request.ref);
  if (named.length === 1) return undoSequence(operations, named, wish);
  // A whole run: what is undone already is done with.
  const standing = named.filter((operation) => operation.undoneBy === null);
  if (standing.length === 0) {
    throw new InstallError('E_NOTHING_TO_UNDO', `${request.ref} was undone already.`, {
      hint: '`identity-rollback --list` shows what still stands.',
    });
  }
  return undoSequence(operations, standing, wish);
}

interface UndoOne {
  /** Of the operation that is undone. */
  readonly evidence: Evidence;
  /** What stands again, when the operation was an undo itself. */
  readonly revives: OperationRef | null;
  readonly runId: string;
  readonly request: RollbackRequest;
}

async function undoOne(
  context: InstallContext,
  session: Session,
  { evidence, revives, runId, request }: UndoOne,
): Promise<RollbackOutcome> {
  const { paths } = request;
  const { fs, layout, environment } = context;
  const roots = rootsNow(evidence, layout.home);
  const record = readRecord(fs, layout.recordFile(evidence.identity_id)) ?? null;
  const planned = planRollback({
    fs,
    roots,
    evidence,
    record,
    paths,
    directoryMode: 0o777 & ~environment.umask,
  });
  const outcome = {
    id: evidence.identity_id,
    undoes: evidence.ref,
    revives,
    plan: planned.plan,
  };
  refuseOtherPlan(request.planDigest, planned.plan.digest);
  if (request.stopAfter === 'plan') return { ...outcome, outcome: 'planned', operation: null };
  if (planned.changes.length === 0 && sameRecord(planned.recordAfter, record)) {
    return { ...outcome, outcome: 'nothing-to-do', operation: null };
  }
  requireOneFileSystem(fs, layout.stateDirectory, roots.instance);
  requireSpace(fs, layout.stateDirectory, planned.changes);
  const ref = session.nextRef();
  const snapshot = snapshotRequest(context, { evidence, planned, ref, roots });
  const signature = await signatureOfInstance(context, roots.instance, record?.reports ?? []);
  const intent = composeIntent(context, {
    evidence,
    planned,
    record,
    ref,
    runId,
    paths,
    roots,
    snapshot,
    signature,
  });
  const finished = await runTransaction(context, {
    intent,
    snapshot,
    content: contentFromSnapshot(context, evidence),
  });
  const completed = completedOperation(context, finished);
  const warnings = [...completed.warnings, ...session.findings.map(asWarning)];
  return { ...outcome, outcome: 'done', operation: { ...completed, warnings } };
}

function asWarning({ message }: Finding): OperationWarning {
  return { code: 'LEDGER_TORN', path: '', message };
}

function sameRecord(left: InstalledRecord | null, right: InstalledRecord | null): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Everything that the rollback changes or removes, edits made since included. */
function snapshotRequest(
  context: InstallContext,
  {
    evidence,
    planned,
    ref,
    roots,
  }: {
    readonly evidence: Evidence;
    readonly planned: PlannedRollback;
    readonly ref: OperationRef;
    readonly roots: Roots;
  },
): SnapshotRequest | null {
  const files = planned.changes.flatMap((change): SnapshotFile[] => {
    if (change.before.kind !== 'file') return [];
    const live = livePath(roots, change);
    const modifiedNs = context.fs.stat(live)?.modifiedNs ?? 0n;
    return [{ member: memberOf(evidence, change), live, state: change.before, modifiedNs }];
  });
  if (files.length === 0) return null;
  return {
    ref,
    id: evidence.identity_id,
    holds: 'changed-files',
    files,
    directories: [],
    links: [],
    createdAt: context.clock.now().toISOString(),
  };
}

function memberOf(evidence: Evidence, change: Pick<Change, 'root' | 'path'>): string {
  return change.root === 'home' ? change.path : `${evidence.identity_id}/${change.path}`;
}

/** The bytes from before the operation lie in the snapshot that it took. */
function contentFromSnapshot(context: InstallContext, evidence: Evidence): ContentSource {
  return {
    async provide(wanted, deliver) {
      if (wanted.size === 0) return;
      const slots = new Map(
        [...wanted].map(([slot, change]) => [memberOf(evidence, change), slot]),
      );
      await openSnapshotOf(context, evidence, (member, content) => {
        const slot = slots.get(member);
        if (slot === undefined) return;
        slots.delete(member);
        deliver(slot, content);
      });
      const [missing] = slots.keys();
      if (missing === undefined) return;
      throw new InstallError(
        'E_SNAPSHOT_DAMAGED',
        `The snapshot of ${evidence.ref} does not hold ${missing}.`,
        { hint: 'Nothing was changed. Restore the snapshot from a backup of the home.' },
      );
    },
  };
}

interface IntentInput {
  readonly evidence: Evidence;
  readonly planned: PlannedRollback;
  readonly record: InstalledRecord | null;
  readonly ref: OperationRef;
  readonly runId: string;
  readonly paths: readonly string[];
  readonly roots: Roots;
  readonly snapshot: SnapshotRequest | null;
  readonly signature: string;
}

function composeIntent(context: InstallContext, input: IntentInput): Intent {
  const { evidence, planned, record, ref, runId, paths, roots, snapshot } = input;
  const { fs, layout, clock } = context;
  const now = clock.now().toISOString();
  const { changes } = planned;
  const recordAfter =
    planned.recordAfter === null
      ? null
      : { ...planned.recordAfter, operation: ref, updatedAt: now };
  const stagesTree = changes.some(
    (change) =>
      change.root === 'instance' && change.path === '' && change.after.kind === 'directory',
  );
  const partial = paths.length > 0;
  return {
    schema: 'identity-install/intent@1',
    ref,
    id: evidence.identity_id,
    home: layout.home,
    instance: roots.instance,
    changes,
    stagesTree,
    exchange: exchangeKind(fs, layout.journal, ref, changes),
    recordBefore: record,
    recordAfter,
    evidence: {
      run_id: runId,
      operation: 'rollback',
      started_at: now,
      tool: context.tool,
      command: context.command,
      mode: 'rollback',
      release: recordAfter?.release ?? null,
      previous_release: record?.release ?? null,
      plan_digest: planned.plan.digest,
      ...pairOf(
        reportOutcome({
          added: countWhere(changes, (change) => change.after.kind === 'file'),
          changedOrRemoved: countWhere(changes, (change) => change.before.kind === 'file'),
          keptDiffering: 0,
        }),
      ),
      source_signature: null,
      target_signature_before: input.signature,
      files: evidenceFiles(planned),
      reports: [],
      snapshot_holds: snapshot?.holds ?? null,
      undoes: partial ? null : evidence.ref,
      undo: context.undoCommand(ref),
      summary: partial ? `undid ${paths.join(', ')} of ${evidence.ref}` : `undid ${evidence.ref}`,
    },
  };
}

function evidenceFiles(planned: PlannedRollback): EvidenceFile[] {
  const changes = new Map(
    planned.changes
      .filter(({ before, after }) => before.kind === 'file' || after.kind === 'file')
      .map((change) => [join(change.root, change.path), change]),
  );
  return planned.plan.actions.map(({ root, path, kind, reason }) => {
    const change = changes.get(join(root, path));
    return {
      path,
      root,
      action: kind,
      reason: reason ?? null,
      before: describe(change?.before),
      after: describe(change?.after),
    };
  });
}

function describe(state: Change['before'] | undefined): EvidenceFile['before'] {
  if (state?.kind !== 'file') return null;
  const { sha256, size, mode }: FilePathState = state;
  return { sha256, size, mode: octal(mode) };
}

function countWhere(changes: readonly Change[], test: (change: Change) => boolean): number {
  return changes.filter(test).length;
}
