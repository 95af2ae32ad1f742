import { InstallError } from '../../core/errors.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { readFormat, refuseStrangeState } from '../../instance/format.ts';
import { readRecord } from '../../instance/record-file.ts';
import { confinedTo, readOnly } from '../../platform/files/read-only.ts';
import { perform } from '../../engine/perform.ts';
import { toOperation } from './to-operation.ts';
import type { OperationContext } from '../context.ts';
import { diffsOfPlan } from './diffs.ts';
import { ioError } from '../../core/io-error.ts';
import { resolveIncoming, type Incoming } from './incoming.ts';
import { conflictsOf, wouldChange } from '../../planning/policy.ts';
import { nextRecord, sameContent } from '../../planning/next-record.ts';
import { instanceName } from '../../instance/locate.ts';
import { planIdentity, type PlannedIdentity } from './plan-identity.ts';
import { refuseOtherPlan } from '../../engine/preflight.ts';
import {
  forgetPending,
  keepInHome,
  publishIntoInstance,
  reportsForInstall,
} from '../reports/publish-reports.ts';
import { withOneReader } from '../../release/one-reader.ts';
import { requireOperation } from '../../engine/trail/ledger.ts';
import { withSession, type Session } from '../../engine/session.ts';
import { stoppedAfter } from '../stopped-after.ts';
import type { IdentityOutcome, InstallRun } from './outcome.ts';
import type { InstallRequest } from './request.ts';

/**
 * Installs or updates identities: resolve, then under the home's lock plan every identity before
 * the first is touched, then one transaction each. Stops at the first failure; completed operations
 * are in the ledger under the run's id (docs/architecture.md#the-way-of-the-data).
 *
 * @throws InstallError of every module below; E_PLAN_CHANGED, E_INSTANCE_CHANGED, E_HOME_LOCKED
 */
export async function install(
  general: OperationContext,
  request: InstallRequest,
): Promise<InstallRun> {
  const { limits = general.limits, idleMs = general.idleMs } = request;
  return await withOneReader({ ...general, limits, idleMs }, (context) =>
    installRelease(context, request),
  );
}

async function installRelease(
  context: OperationContext,
  request: InstallRequest,
): Promise<InstallRun> {
  const { layout } = context;
  const incoming = await resolveBeforeLock(context, request);
  return await withSession(context, async (session) => {
    const planned: PlannedIdentity[] = [];
    const looking = { ...context, fs: readOnly(context.fs) };
    for (const id of incoming.ids) {
      planned.push(await planIdentity(looking, { request, incoming, id, earlier: planned }));
    }
    for (const { record } of planned) {
      if (record !== null) requireOperation(session.ledger, layout.ledger, record.operation);
    }
    refuseOtherRun(request, planned);
    const { runId } = session;
    const identities: IdentityOutcome[] = [];
    try {
      for (const one of planned) {
        context.throwIfInterrupted();
        identities.push(await carryOutOne(context, { session, request, planned: one, runId }));
      }
    } catch (error) {
      throw stoppedAfter(identities, { runId, home: context.layout.home }, error);
    }
    return {
      runId,
      home: context.layout.home,
      release: incoming.release,
      identities,
      findings: [...incoming.findings, ...session.findings],
      recovered: session.recovered,
    };
  });
}

/** The steps before the home's lock; they write only to the release store. */
async function resolveBeforeLock(
  context: OperationContext,
  request: InstallRequest,
): Promise<Incoming> {
  const { fs, layout, environment } = context;
  try {
    refuseStrangeState(fs, layout, environment.uid);
    readFormat(fs, layout);
    return await resolveIncoming(context, request, readRecords(context, request.ids));
  } catch (error) {
    throw ioError(error, `reading ${layout.home}`);
  }
}

type Records = ReadonlyMap<string, InstalledRecord>;

function readRecords({ fs, layout }: OperationContext, ids: readonly string[]): Records {
  const records = new Map<string, InstalledRecord>();
  for (const id of ids) {
    const record = readRecord(fs, layout.recordFile(id));
    if (record !== undefined) records.set(id, record);
  }
  return records;
}

function refuseOtherRun(request: InstallRequest, planned: readonly PlannedIdentity[]): void {
  if (request.planDigest === undefined) return;
  const [only, second] = planned;
  if (only === undefined || second !== undefined) {
    throw new InstallError(
      'E_USAGE',
      `A plan digest is for one identity; this run is about ${planned.length}.`,
      {
        remedy: 'Name one identity, and apply the plans one by one.',
      },
    );
  }
  refuseOtherPlan(request.planDigest, only.plan.digest);
}

interface OneIdentity {
  readonly session: Session;
  readonly request: InstallRequest;
  readonly planned: PlannedIdentity;
  readonly runId: string;
}

async function carryOutOne(context: OperationContext, one: OneIdentity): Promise<IdentityOutcome> {
  const { session, request, planned, runId } = one;
  const { plan } = planned;
  const diffs = request.diff ? await diffsOfPlan(context, planned) : [];
  const outcome = {
    id: plan.id,
    plan,
    conflicts: conflictsOf(plan).map(({ path }) => path),
    wouldChange: wouldChange(plan),
    diffs,
  };
  if (request.stopAfter !== undefined) {
    if (request.stopAfter !== 'check') {
      const { fs, layout } = context;
      const noting = { ...context, fs: confinedTo(fs, [layout.stateDirectory]) };
      keepInHome(noting, planned, request.stopAfter, session.nextRef());
    }
    return { ...outcome, outcome: 'planned', operation: null };
  }
  const ref = session.nextRef();
  if (!wouldChange(plan) && !recordChanges(context, planned)) {
    if (planned.record !== null) {
      const { files } = reportsForInstall(context, planned, ref);
      publishIntoInstance(context, plan.instance, planned.record, files);
      forgetPending(context, plan.id);
    }
    return { ...outcome, outcome: 'nothing-to-do', operation: null };
  }
  const { files, warnings } = reportsForInstall(context, planned, ref);
  const operation = await perform(
    context,
    toOperation(context, { planned, ref, runId, backup: request.backup, reports: files }),
  );
  try {
    forgetPending(context, plan.id);
  } catch (error) {
    throw ioError(
      error,
      `removing reports that were published with ${ref}, whose changes are complete`,
    );
  }
  const all = [...operation.warnings, ...warnings];
  return { ...outcome, outcome: 'done', operation: { ...operation, warnings: all } };
}

/** Whether the record changes even though no byte of the instance does. */
function recordChanges(context: OperationContext, { plan, record }: PlannedIdentity): boolean {
  if (record === null) return true;
  const next = nextRecord({
    plan,
    record,
    instance: instanceName(context.layout.home, plan.instance),
    reports: record.reports,
    operation: record.operation,
    updatedAt: record.updatedAt,
  });
  return !sameContent(record, next);
}
