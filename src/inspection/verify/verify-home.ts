import { errnoOf, InstallError } from '../../core/errors.ts';
import { readFormat } from '../../instance/format.ts';
import type { InspectionContext } from '../context.ts';
import { isUnused, refuseStrangeLock } from '../../engine/session.ts';
import {
  chainOf,
  readChain,
  requireOperation,
  type LedgerChain,
} from '../../engine/trail/ledger.ts';
import { newestEvidence } from '../../engine/trail/newest-evidence.ts';
import type { VerifyRequest } from './verify.ts';
import { checkIdentities } from './check-identities.ts';
import { checkOperation } from './check-operations.ts';
import { checkOrphans } from './check-orphans.ts';
import { checkDisplaced, checkJournal, checkLocalCatalog, checkReports } from './check-state.ts';
import { checkStore } from './check-store.ts';
import { headMissing, ledgerHead } from './expected-head.ts';
import { lookAt, notWorkable, type Look } from '../look.ts';
import { attempt, problem, type HomeProblem, type Note } from './problem.ts';
import { requireHome } from './require-home.ts';
import { trustOf } from './trust.ts';
import type { ErrorCode } from '../../core/error-codes.ts';
import type { LedgerHead } from './expected-head.ts';
import type { HomeIdentity } from './check-identities.ts';
import type { HomeTrust } from './trust.ts';

/** The verification of everything in a home. */
export interface VerifyHomeRun {
  readonly home: string;
  /** Whether the home was locked meanwhile, or why not. */
  readonly locked: boolean;
  readonly reason: ErrorCode | null;
  readonly ledger: LedgerHead;
  readonly identities: readonly HomeIdentity[];
  readonly problems: readonly HomeProblem[];
  /** Null for a home with a newer layout, which this version cannot check. */
  readonly trust: HomeTrust | null;
  /** How many of each were checked. */
  readonly checked: Readonly<Record<'operations' | 'snapshots' | 'bases' | 'refs', number>>;
}

/**
 * Checks everything that a home holds, and reports everything that is wrong and what can still be
 * trusted. Reads only: an interrupted operation is one of the problems.
 *
 * @throws InstallError E_NOT_INSTALLED if there is no home, E_HOME_LOCKED, E_HOME_UNSAFE,
 *   E_HOME_FOREIGN; failed checks are data
 */
export async function verifyHome(
  context: InspectionContext,
  request: Pick<VerifyRequest, 'expectHead'>,
): Promise<VerifyHomeRun> {
  requireHome(context);
  // Reading a home that was never used must not create it.
  if (isUnused(context)) return await checkHome(context, request, undefined);
  return await lookAt(context, notWorkable, (look) => checkHome(context, request, look));
}

async function checkHome(
  context: InspectionContext,
  { expectHead }: Pick<VerifyRequest, 'expectHead'>,
  look: Look | undefined,
): Promise<VerifyHomeRun> {
  const { fs, layout } = context;
  const problems: HomeProblem[] = [];
  const note: Note = (one) => void problems.push(one);
  await attempt({ path: layout.formatFile }, () => readFormat(fs, layout), note);
  await attempt({ path: layout.lock }, () => refuseStrangeLock(fs, layout.lock), note);
  // In a newer layout every file may have another meaning.
  const understood = !problems.some(({ code }) => code === 'LAYOUT_NEWER');
  const chain = understood ? checkLedger(context, note) : chainOf(Buffer.alloc(0), layout.ledger);
  const ledger = ledgerHead(chain, expectHead);
  const lost = understood ? headMissing(ledger, expectHead) : undefined;
  if (lost !== undefined) note(problem('LEDGER_HEAD', { path: layout.ledger }, lost));
  const seen = understood ? await checkContents(context, note, chain) : nothingSeen;
  return {
    home: layout.home,
    locked: look?.kind === 'locked',
    reason: look?.kind === 'as-it-is' ? look.reason : null,
    ledger,
    ...seen,
    problems,
    trust: understood ? trustOf(chain, problems) : null,
  };
}

type Seen = Pick<VerifyHomeRun, 'identities' | 'checked'>;

const nothingSeen: Seen = {
  identities: [],
  checked: { operations: 0, snapshots: 0, bases: 0, refs: 0 },
};

function checkLedger({ fs, layout }: InspectionContext, note: Note): LedgerChain {
  const path = layout.ledger;
  let chain: LedgerChain;
  try {
    chain = readChain(fs, path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    const message = error instanceof InstallError ? error.message : `It cannot be read (${errno}).`;
    note(problem('LEDGER_DAMAGED', { path }, message));
    return chainOf(Buffer.alloc(0), path);
  }
  const { damage, torn } = chain;
  if (damage !== undefined) note(problem('LEDGER_DAMAGED', { path }, damage.error.message));
  if (torn) note(problem('LEDGER_TORN', { path }));
  return chain;
}

async function checkContents(
  context: InspectionContext,
  note: Note,
  chain: LedgerChain,
): Promise<Seen> {
  const { fs, layout } = context;
  // Each of our directories that cannot be listed is a problem; the rest is still checked.
  const checkAt = <T>(path: string, check: () => T | Promise<T>) => attempt({ path }, check, note);
  const operations = [...chain.entries, ...chain.beyond];
  if (chain.damage === undefined) {
    await checkAt(layout.ledger, () => {
      const lost = newestEvidence(fs, layout, pendingRefs(context));
      if (lost !== undefined) requireOperation(chain, layout.ledger, lost);
    });
  }
  const pending = (await checkAt(layout.journal, () => checkJournal(context, note))) ?? [];
  // What an interrupted operation has written is not astray: recovery looks after it.
  const known = new Set([...operations, ...pending].map(({ ref }) => ref));
  await checkAt(layout.localCatalog, () => checkLocalCatalog(context, note));
  const found = await checkAt(layout.records, () =>
    checkIdentities(context, note, { chain, known, pending }),
  );
  let snapshots = 0;
  for (const entry of operations) {
    if (await checkOperation(context, note, entry)) snapshots += 1;
    await context.breathe();
  }
  await checkAt(layout.stateDirectory, () => checkOrphans(context, note, known));
  await checkAt(layout.displacedDirectory, () => checkDisplaced(context, note, known));
  await checkAt(layout.reportsDirectory, () => checkReports(context, note));
  const { identities, records } = found ?? { identities: [], records: [] };
  const store = await checkStore(context, note, records);
  return { identities, checked: { operations: operations.length, snapshots, ...store } };
}

/** By their names alone, because a journal that cannot be read is still an operation in flight. */
function pendingRefs({ fs, layout }: InspectionContext): ReadonlySet<string> {
  return new Set(fs.stat(layout.journal)?.kind === 'directory' ? fs.list(layout.journal) : []);
}
