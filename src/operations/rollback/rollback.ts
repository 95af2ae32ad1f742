import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { nearest } from '../../core/nearest.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import { isWithin, type PackPath } from '../../core/path.ts';
import { readRecord } from '../../instance/record-file.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { steps } from '../../core/remedy.ts';
import { perform } from '../../engine/perform.ts';
import { toOperation } from './to-operation.ts';
import type { OperationContext } from '../context.ts';
import type { Evidence } from '../../engine/trail/evidence.ts';
import {
  operationsOf,
  resolveReference,
  undoSequence,
  referenceInUnusedHome,
  type Operation,
} from '../../engine/trail/history.ts';
import { readLedger, type Ledger } from '../../engine/trail/ledger.ts';
import { readLiveFacts } from './live-facts.ts';
import { planRollback } from './plan.ts';
import { refuseOtherPlan } from '../../engine/preflight.ts';
import { isUnused, withSession, type Session } from '../../engine/session.ts';
import { stoppedAfter } from '../stopped-after.ts';
import { signatureOfInstance } from '../../engine/trail/signature.ts';
import { rootsNow, trustedTrail } from '../../engine/trail/trusted-trail.ts';
import type { OperationWarning } from '../../engine/operation-warning.ts';
import type { RollbackOutcome, RollbackRun } from './outcome.ts';
import type { RollbackRequest } from './request.ts';

/**
 * Undoes an operation, or everything a run did, newest first; each undo is an operation of its own
 * with its own snapshot, evidence and undo (docs/apply-and-rollback.md#rolling-back).
 *
 * @throws InstallError E_REF_UNKNOWN, E_REF_AMBIGUOUS, E_NOTHING_TO_UNDO, E_ROLLBACK_BLOCKED,
 *   E_SNAPSHOT_DAMAGED, E_EVIDENCE_DAMAGED, E_LEDGER_DAMAGED, E_PLAN_CHANGED, E_INSTANCE_CHANGED, E_HOME_LOCKED
 */
export async function rollback(
  context: OperationContext,
  request: RollbackRequest,
): Promise<RollbackRun> {
  if (isUnused(context)) throw referenceInUnusedHome(request.ref, context.layout.home);
  return await withSession(context, async (session) => {
    const { runId } = session;
    const ledger = readLedger(context.fs, context.layout.ledger);
    const sequence = sequenceOf(context, request, ledger);
    refuseOneForMany(request, sequence);
    const trail = await trustedTrail(context, ledger, sequence);
    for (const evidence of trail) refuseUntouched(request.paths, evidence);
    const operations: RollbackOutcome[] = [];
    try {
      for (const evidence of trail) {
        context.throwIfInterrupted();
        const revives = sequence.find(({ ref }) => ref === evidence.ref)?.undoes ?? null;
        operations.push(await undoOne(context, session, { evidence, revives, runId, request }));
        // Later steps of a sequence depend on the effects of the earlier ones, which a plan alone
        // cannot show.
        if (request.stopAfter === 'plan') break;
      }
    } catch (error) {
      throw stoppedAfter(operations, { runId, home: context.layout.home }, error);
    }
    const notPlanned = sequence.slice(operations.length).map(({ ref }) => ref);
    const { recovered } = session;
    return { home: context.layout.home, runId, operations, notPlanned, recovered };
  });
}

/**
 * Options for one operation must not apply to a whole sequence: a digest would match the first undo
 * and stop before the second, and paths would be ignored.
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
    `${option === 'path' ? 'Paths are' : 'A plan digest is'} for one operation; this would undo ${refs.length}.`,
    {
      remedy: `Nothing was changed. Undo them one by one, in this order: ${refs.join(', ')}.`,
      details: { option, refs },
    },
  );
}

/** A path with a typing error must not look like one that needs no undo. */
function refuseUntouched(paths: readonly PackPath[], { ref, changes }: Evidence): void {
  const touched = changes.filter(({ root }) => root === 'instance').map(({ path }) => path);
  const untouched = paths.filter((path) => !touched.some((one) => isWithin(one, path)));
  const [first] = untouched;
  if (first === undefined) return;
  const near = nearest(
    first,
    touched.filter((path) => path !== ''),
  );
  throw new InstallError('E_NOTHING_TO_UNDO', `${ref} did not touch ${untouched.join(', ')}.`, {
    remedy: steps(
      'Nothing was changed.',
      near === undefined ? undefined : { kind: 'choose', option: 'path', among: [near] },
      {
        kind: 'option',
        option: 'plan',
        insteadOf: 'path',
        to: 'see everything that it touched',
      },
    ),
    details: { ref, paths: untouched },
  });
}

function sequenceOf(
  context: OperationContext,
  request: RollbackRequest,
  ledger: Ledger,
): readonly Operation[] {
  const operations = operationsOf(ledger.entries);
  const { home } = context.layout;
  const wish = {
    through: request.through,
    partly: request.paths.length > 0,
    home,
  };
  const referenced = resolveReference(operations, request.ref, home);
  if (referenced.length === 1) return undoSequence(operations, referenced, wish);
  // A whole run: operations that are already undone are skipped.
  const inEffect = referenced.filter((operation) => operation.undoneBy === null);
  if (inEffect.length === 0) {
    throw new InstallError('E_NOTHING_TO_UNDO', `${request.ref} was undone already.`, {
      remedy: {
        kind: 'command',
        command: 'history',
        home,
        to: 'see which operations are still in effect',
      },
    });
  }
  return undoSequence(operations, inEffect, wish);
}

interface UndoOne {
  /** Of the operation that is undone. */
  readonly evidence: Evidence;
  /** The operation that is in effect again, if the undone one was itself an undo. */
  readonly revives: OperationRef | null;
  readonly runId: string;
  readonly request: RollbackRequest;
}

async function undoOne(
  context: OperationContext,
  session: Session,
  { evidence, revives, runId, request }: UndoOne,
): Promise<RollbackOutcome> {
  const { paths } = request;
  const { fs, layout, environment } = context;
  const roots = rootsNow(evidence, layout.home);
  const record = readRecord(fs, layout.recordFile(evidence.identity_id)) ?? null;
  const planned = planRollback({
    facts: readLiveFacts(fs, roots, evidence, record?.reports ?? []),
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
  const ref = session.nextRef();
  const signature = await signatureOfInstance(context, roots.instance, record?.reports ?? []);
  const completed = await perform(
    context,
    toOperation(context, { evidence, planned, record, ref, runId, paths, roots, signature }),
  );
  const warnings = [...completed.warnings, ...session.findings.map(asWarning)];
  return { ...outcome, outcome: 'done', operation: { ...completed, warnings } };
}

function asWarning({ message }: Finding): OperationWarning {
  return { code: 'LEDGER_TORN', path: '', message };
}

function sameRecord(left: InstalledRecord | null, right: InstalledRecord | null): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
