import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { newOperationRef, type OperationRef } from '../core/operation-ref.ts';
import { prepareHome, refuseStrangeState, removeFormatDrafts } from '../instance/format.ts';
import type { HomeLayout } from '../instance/layout.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { describeHolder, type HeldLock, type LockHolder } from '../platform/lock.ts';
import { waitForLock } from '../platform/lock-wait.ts';
import type { EngineContext } from './context.ts';
import { ioError } from '../core/io-error.ts';
import { steps } from '../core/remedy.ts';
import { readLedger, type Ledger } from './trail/ledger.ts';
import { readTrustedLedger } from './trail/trusted-ledger.ts';
import { findJournals } from './journal/journal.ts';
import { recoverJournals } from './transaction/recover.ts';
import type { RecoveredOperation } from './transaction/recover.ts';

/** A home that is locked for this run, with nothing unfinished in it. */
export interface Session {
  readonly recovered: readonly RecoveredOperation[];
  /** Problems with our own records that do not prevent the run. */
  readonly findings: readonly Finding[];
  /** As it was when the session began. */
  readonly ledger: Ledger;
  /** A new operation id that sorts after every earlier one, even if the clock went back. */
  readonly nextRef: () => OperationRef;
  /** The id of everything that this run does. */
  readonly runId: string;
}

/**
 * Whether nothing was ever done in this home. Code that only reads a home checks this first, so
 * that reading does not create a mistyped home.
 */
export function isUnused({
  fs,
  layout,
}: {
  readonly fs: ReadFileSystem;
  readonly layout: HomeLayout;
}): boolean {
  return fs.stat(layout.stateDirectory) === undefined;
}

/**
 * Runs `work` with the home's lock held, after recovering what an earlier run left behind. Waits
 * for another holder, up to `context.lockWaitMs`.
 *
 * @throws InstallError E_HOME_LOCKED naming the holder; E_LEDGER_DAMAGED, E_EVIDENCE_DAMAGED;
 *   E_LOCK_DAMAGED; E_INTERRUPTED; whatever recovery or the work throws
 */
export async function withSession<T>(
  context: EngineContext,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { fs, layout, clock, randomness, environment } = context;
  const ref = newOperationRef(clock.now(), randomness.hex(3));
  try {
    refuseStrangeState(fs, layout, environment.uid);
    prepareHome({ fs, layout, umask: environment.umask, ref });
    refuseStrangeLock(fs, layout.lock);
  } catch (error) {
    throw ioError(error, `preparing ${layout.home}`);
  }
  const lock = await orPending(context, () => lockHome(context));
  try {
    const { found, recovered } = await orPending(context, async () => {
      removeFormatDrafts(fs, layout);
      const trusted = trustedLedger(context);
      return { found: trusted, recovered: await recoverJournals(context) };
    });
    const ledger = recovered.length === 0 ? found : readLedger(fs, layout.ledger);
    let newest = ledger.entries.at(-1)?.ref;
    const nextRef = () => {
      newest = newOperationRef(clock.now(), randomness.hex(3), newest);
      return newest;
    };
    return await work({
      recovered,
      ledger,
      findings: findingsOf(ledger, layout.ledger),
      nextRef,
      runId: `run-${ref}`,
    });
  } catch (error) {
    throw ioError(error, `working in ${layout.home}`);
  } finally {
    lock.release();
  }
}

/** What locking a home needs. */
export type LockingContext = Pick<
  EngineContext,
  'clock' | 'command' | 'environment' | 'layout' | 'lockWaitMs' | 'locks' | 'onLockBusy' | 'signal'
>;

/**
 * Takes the lock of a home. Waits for another holder, up to `context.lockWaitMs`.
 *
 * @throws InstallError E_HOME_LOCKED naming the holder; E_INTERRUPTED
 */
export async function lockHome(context: LockingContext): Promise<HeldLock> {
  const { layout, clock, signal, onLockBusy } = context;
  const attempt = await waitForLock(() => context.locks.tryLock(layout.lock, holderOf(context)), {
    waitMs: context.lockWaitMs ?? 0,
    clock,
    signal,
    onBusy: onLockBusy,
  });
  if (attempt.kind === 'busy') throw lockedError(layout.home, attempt.holder);
  return attempt.lock;
}

/** Before recovery, which appends to the ledger and would hide what it lost or what was edited. */
function trustedLedger({ fs, layout }: EngineContext): Ledger {
  const { journals } = findJournals(fs, layout);
  return readTrustedLedger(
    fs,
    layout,
    journals.map(({ intent }) => intent.ref),
  );
}

/**
 * If a home cannot be written, the error to report is the interrupted operation in it, not the
 * disk.
 */
async function orPending<T>(context: EngineContext, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const known = ioError(error, 'recovering');
    const { fs, layout } = context;
    if (!(known instanceof InstallError) || known.code !== 'E_HOME_READ_ONLY') throw error;
    const [journal] = findJournals(fs, layout).journals;
    if (journal === undefined) throw error;
    const { ref, id } = journal.intent;
    throw new InstallError(
      'E_JOURNAL_PENDING',
      `Operation ${ref} on ${id} was interrupted, and ${layout.home} cannot be written to recover it.`,
      {
        remedy: {
          kind: 'command',
          command: 'recover',
          home: layout.home,
          to: 'recover it where the home can be written, as its owner',
        },
        details: { ref, id },
        cause: error,
      },
    );
  }
}

function findingsOf({ torn }: Ledger, path: string): Finding[] {
  if (!torn) return [];
  const message = `The last line of ${path} was cut short and does not count; the next operation removes it.`;
  return [{ code: 'LEDGER_TORN', severity: 'warn', message }];
}

function holderOf(context: LockingContext): LockHolder {
  return {
    pid: context.environment.pid,
    host: context.environment.hostName,
    command: context.command,
    since: context.clock.now().toISOString(),
  };
}

/**
 * A lock on another inode than everybody else's would exclude nobody, so a link is not followed.
 *
 * @throws InstallError E_LOCK_DAMAGED
 */
export function refuseStrangeLock(fs: ReadFileSystem, path: string): void {
  const kind = fs.stat(path)?.kind;
  if (kind === undefined || kind === 'file') return;
  throw new InstallError('E_LOCK_DAMAGED', `${path} is not a regular file, but a ${kind}.`, {
    remedy: 'Nothing was changed. Move it away; the next command creates a new one.',
    details: { path, kind },
  });
}

function lockedError(home: string, holder: LockHolder | undefined): InstallError {
  return new InstallError('E_HOME_LOCKED', `${home} is in use by ${describeHolder(holder)}.`, {
    remedy: steps('Try again when it has ended; the lock ends with its process.', {
      kind: 'option',
      option: 'wait',
      to: 'wait for it',
    }),
    details: { home, holder: holder ?? null },
  });
}
