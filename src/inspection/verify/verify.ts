import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { readRecord, recordRemedy } from '../../instance/record-file.ts';
import type { InstallContext } from '../../engine/context.ts';
import { isUnused, type Session } from '../../engine/session.ts';
import { lateBytesOf } from '../../engine/transaction/displaced.ts';
import { operationsOf } from '../../engine/trail/history.ts';
import { installedIds, standingIds } from '../../engine/trail/installed.ts';
import { chainOf, readChain, type LedgerChain } from '../../engine/trail/ledger.ts';
import type { LedgerHead } from './expected-head.ts';
import { checkOperation } from './check-operations.ts';
import { compareInstance } from './compare.ts';
import { ledgerHead, requireHead } from './expected-head.ts';
import { lookAt, notWritable, type Look } from '../look.ts';
import { problem, type HomeProblem } from './problem.ts';
import { publishVerification } from '../../operations/reports/publish-verification.ts';
import { notInstalled, registeredOnly } from './registered.ts';
import { requireHome } from './require-home.ts';
import type { ResolvedRelease } from '../../core/release.ts';
import type { RecoveredOperation } from '../../engine/transaction/recover.ts';
import type { VerifiedFiles } from './compare.ts';
import type { RegisteredIdentity } from './registered.ts';

export interface VerifyRequest {
  /** Empty: every installed identity. */
  readonly ids: readonly string[];
  /** A head that was noted earlier; history must only have been added to since. */
  readonly expectHead?: string;
  /** Publish no report of the verification. */
  readonly unreported?: boolean;
}

export interface VerifiedIdentity {
  readonly id: string;
  readonly release: ResolvedRelease;
  readonly files: VerifiedFiles;
  /** Problems with record, evidence, snapshot or ledger; drift is not one. */
  readonly problems: readonly Finding[];
  /** Where the protocol's report of this verification is; null when none was published. */
  readonly report: string | null;
}

export interface VerifyRun {
  readonly home: string;
  /** The home cannot be written: it was neither locked nor was a report published. */
  readonly readOnly: boolean;
  readonly ledger: LedgerHead;
  readonly identities: readonly VerifiedIdentity[];
  /** Listed, not installed: there is nothing to compare them with. Empty when ids were given. */
  readonly registered: readonly RegisteredIdentity[];
  readonly recovered: readonly RecoveredOperation[];
}

/**
 * Re-hashes instances against their records, and what their operations left behind against the
 * ledger, and writes the protocol's `verify` report where the home can be written. Drift is data;
 * what cannot be trusted is a problem.
 *
 * @throws InstallError E_NOT_INSTALLED, E_RECORD_DAMAGED, E_LEDGER_DAMAGED, E_LEDGER_HEAD,
 *   E_HOME_LOCKED
 */
export async function verify(context: InstallContext, request: VerifyRequest): Promise<VerifyRun> {
  const { layout } = context;
  requireHome(context);
  if (isUnused(context) && request.ids.length === 0) {
    const ledger = expectedLedger(context, request, chainOf(Buffer.alloc(0), layout.ledger));
    const registered = registeredOnly(context, []);
    return {
      home: layout.home,
      readOnly: false,
      ledger,
      identities: [],
      registered,
      recovered: [],
    };
  }
  return await lookAt(context, notWritable, async (look) => {
    const chain = readChain(context.fs, layout.ledger);
    if (chain.damage !== undefined) throw chain.damage.error;
    const ledger = expectedLedger(context, request, chain);
    const known = knownIds(context, chain);
    const ids = request.ids.length > 0 ? request.ids : known;
    const identities: VerifiedIdentity[] = [];
    const publishes = request.unreported !== true;
    for (const id of ids) {
      identities.push(await verifyOne(context, { look, chain, publishes }, id));
    }
    return {
      home: layout.home,
      readOnly: look.kind === 'as-it-is',
      ledger,
      identities,
      registered: request.ids.length > 0 ? [] : registeredOnly(context, known),
      recovered: look.kind === 'settled' ? look.session.recovered : [],
    };
  });
}

function expectedLedger(
  { layout }: InstallContext,
  { expectHead }: VerifyRequest,
  chain: LedgerChain,
): LedgerHead {
  const ledger = ledgerHead(chain, expectHead);
  requireHead(ledger, expectHead, layout.ledger);
  return ledger;
}

/** Those with a record, and those that should have one. */
function knownIds(context: InstallContext, { entries }: LedgerChain): string[] {
  return [...new Set([...installedIds(context), ...standingIds(entries)])].sort();
}

interface Circumstances {
  readonly look: Look;
  readonly chain: LedgerChain;
  /** Whether the protocol's report is wanted. */
  readonly publishes: boolean;
}

async function verifyOne(
  context: InstallContext,
  { look, chain, publishes }: Circumstances,
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
  const session = look.kind === 'settled' ? look.session : undefined;
  return {
    id,
    release: record.release,
    files: compared.files,
    problems: [...tornLine(session, chain, layout.ledger), ...trail, ...late],
    report:
      session === undefined || !publishes
        ? null
        : publishVerification(context, session, record, compared),
  };
}

function requireRecord(
  context: InstallContext,
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

function tornLine(
  session: Session | undefined,
  { torn }: LedgerChain,
  path: string,
): readonly Finding[] {
  if (session !== undefined) return session.findings;
  return torn ? [problem('LEDGER_TORN', { path })] : [];
}

/** What an undo of the identity's operations would need. */
async function checkTrail(
  context: InstallContext,
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
    const message = `The record names ${record.operation}, which the ledger does not have.`;
    note(problem('RECORD_UNKNOWN_OPERATION', { path, id: record.id }, message));
  }
  for (const operation of operations) await checkOperation(context, note, operation);
  return problems;
}
