import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { readRecord, recordRemedy } from '../../instance/record-file.ts';
import type { InspectionContext } from '../context.ts';
import { isUnused } from '../../engine/session.ts';
import {
  pendingOperations,
  type PendingOperation,
} from '../../engine/journal/pending-operations.ts';
import { lateBytesOf } from '../../engine/transaction/displaced.ts';
import { operationsOf } from '../../engine/trail/history.ts';
import { installedIds, standingIds } from '../../engine/trail/installed.ts';
import { chainOf, type LedgerChain } from '../../engine/trail/ledger.ts';
import { readTrustedLedger } from '../../engine/trail/trusted-ledger.ts';
import type { LedgerHead } from './expected-head.ts';
import { checkOperation } from './check-operations.ts';
import { compareInstance, type ComparedInstance } from './compare.ts';
import { ledgerHead, requireHead } from './expected-head.ts';
import { lookAt, notWritable } from '../look.ts';
import { problem, type HomeProblem } from './problem.ts';
import { notInstalled, registeredOnly } from './registered.ts';
import { requireHome } from './require-home.ts';
import type { ResolvedRelease } from '../../core/release.ts';
import type { VerifiedFiles } from './compare.ts';
import type { RegisteredIdentity } from './registered.ts';

export interface VerifyRequest {
  /** Empty: every installed identity. */
  readonly ids: readonly string[];
  /** A head that was noted earlier; since then, history must only have grown. */
  readonly expectHead?: string;
}

export interface VerifiedIdentity {
  readonly id: string;
  readonly release: ResolvedRelease;
  readonly files: VerifiedFiles;
  /** Problems with record, evidence, snapshot or ledger; drift is not one. */
  readonly problems: readonly Finding[];
  /** Where the protocol's report of this verification is; null if none was published. */
  readonly report: string | null;
}

export interface VerifyRun {
  readonly home: string;
  /** The home cannot be written, and was not locked: something may have changed meanwhile. */
  readonly readOnly: boolean;
  readonly ledger: LedgerHead;
  readonly identities: readonly VerifiedIdentity[];
  /**
   * Listed but not installed, so there is nothing to compare them with. Empty if ids were given.
   */
  readonly registered: readonly RegisteredIdentity[];
  /** Interrupted operations: the next command that writes recovers them first. */
  readonly pending: readonly PendingOperation[];
}

/**
 * Re-hashes instances against their records, and checks what their operations left behind against
 * the ledger. Drift is data; state that cannot be trusted is a problem. Reads only.
 *
 * @throws InstallError E_NOT_INSTALLED, E_RECORD_DAMAGED, E_LEDGER_DAMAGED, E_EVIDENCE_DAMAGED,
 *   E_LEDGER_HEAD, E_HOME_LOCKED
 */
export async function verify(
  context: InspectionContext,
  request: VerifyRequest,
): Promise<VerifyRun> {
  requireHome(context);
  if (isUnused(context) && request.ids.length === 0) return nothingInstalled(context, request);
  return await lookAt(context, notWritable, async (look) => {
    const pending =
      look.kind === 'locked' ? look.pending : pendingOperations(context.fs, context.layout);
    const run = await verifyIdentities(context, request);
    return { ...run, readOnly: look.kind === 'as-it-is', pending };
  });
}

function nothingInstalled(context: InspectionContext, request: VerifyRequest): VerifyRun {
  const { layout } = context;
  return {
    home: layout.home,
    readOnly: false,
    ledger: expectedLedger(context, request, chainOf(Buffer.alloc(0), layout.ledger)),
    identities: [],
    registered: registeredOnly(context, []),
    pending: [],
  };
}

/** Called for each identity that was compared; returns the path of its report, if it writes one. */
export type Publish = (record: InstalledRecord, compared: ComparedInstance) => string | null;

/**
 * The same under a lock that is already held.
 *
 * @throws InstallError as `verify`
 */
export async function verifyIdentities(
  context: InspectionContext,
  request: VerifyRequest,
  publish: Publish = () => null,
): Promise<VerifyRun> {
  const { layout } = context;
  const chain = trustedChain(context);
  const ledger = expectedLedger(context, request, chain);
  const known = knownIds(context, chain);
  const ids = request.ids.length > 0 ? request.ids : known;
  const identities: VerifiedIdentity[] = [];
  for (const id of ids) identities.push(await verifyOne(context, chain, publish, id));
  return {
    home: layout.home,
    readOnly: false,
    ledger,
    identities,
    registered: request.ids.length > 0 ? [] : registeredOnly(context, known),
    pending: [],
  };
}

function trustedChain({ fs, layout }: InspectionContext): LedgerChain {
  return readTrustedLedger(
    fs,
    layout,
    pendingOperations(fs, layout).map(({ ref }) => ref),
  );
}

function expectedLedger(
  { layout }: InspectionContext,
  { expectHead }: VerifyRequest,
  chain: LedgerChain,
): LedgerHead {
  const ledger = ledgerHead(chain, expectHead);
  requireHead(ledger, expectHead, layout.ledger);
  return ledger;
}

/** Those with a record, and those that should have one. */
function knownIds(context: InspectionContext, { entries }: LedgerChain): string[] {
  return [...new Set([...installedIds(context), ...standingIds(entries)])].sort();
}

async function verifyOne(
  context: InspectionContext,
  chain: LedgerChain,
  publish: Publish,
  id: string,
): Promise<VerifiedIdentity> {
  const { fs, layout } = context;
  const record = requireRecord(context, chain, id);
  const compared = await compareInstance(context, record);
  const late = lateBytesOf(fs, layout, id).map(({ code, path, message }): Finding => ({
    code,
    severity: 'warn',
    path,
    message,
  }));
  const trail = await checkTrail(context, chain, record);
  const torn = chain.torn ? [problem('LEDGER_TORN', { path: layout.ledger })] : [];
  return {
    id,
    release: record.release,
    files: compared.files,
    problems: [...torn, ...trail, ...late],
    report: publish(record, compared),
  };
}

function requireRecord(
  context: InspectionContext,
  { entries }: LedgerChain,
  id: string,
): InstalledRecord {
  const { fs, layout } = context;
  const path = layout.recordFile(id);
  const record = readRecord(fs, path);
  if (record !== undefined) return record;
  if (standingIds(entries).has(id)) {
    throw new InstallError('E_RECORD_DAMAGED', `${path} is missing, although ${id} is installed.`, {
      remedy: recordRemedy,
      details: { path },
    });
  }
  throw notInstalled(context, id);
}

/** Checks what an undo of the identity's operations would need. */
async function checkTrail(
  context: InspectionContext,
  { entries }: LedgerChain,
  record: InstalledRecord,
): Promise<readonly Finding[]> {
  const problems: HomeProblem[] = [];
  const note = (one: HomeProblem) => void problems.push(one);
  const operations = operationsOf(entries).filter(
    (operation) => operation.identity_id === record.id && operation.outcome === 'done',
  );
  if (!operations.some((operation) => operation.ref === record.operation)) {
    const path = context.layout.recordFile(record.id);
    const message = `The record names ${record.operation}, which is missing from the ledger.`;
    note(problem('RECORD_UNKNOWN_OPERATION', { path, id: record.id }, message));
  }
  for (const operation of operations) await checkOperation(context, note, operation);
  return problems;
}
