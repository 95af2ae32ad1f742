import { InstallError, errnoOf } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { OperationRef } from '../../core/operation-ref.ts';

/** What cannot be undone while a problem is there. */
type Blocks = 'home' | 'identity' | 'operation' | 'nothing';

interface ProblemMeaning {
  readonly severity: 'error' | 'warn';
  readonly meaning: string;
  /** What follows from it, for somebody who has to decide what to trust. */
  readonly follows: string;
  readonly blocks: Blocks;
}

const meaning =
  (severity: ProblemMeaning['severity'], blocks: Blocks) =>
  (means: string, follows: string): ProblemMeaning => ({
    severity,
    meaning: means,
    follows,
    blocks,
  });

const stopsHome = meaning('error', 'home');
const stopsIdentity = meaning('error', 'identity');
const stopsOperation = meaning('error', 'operation');
const stopsNothing = meaning('error', 'nothing');
const worthKnowing = meaning('warn', 'nothing');

const notCompared = 'Its files were not compared with the record.';
const byHand = 'The operation cannot be undone; what its snapshot holds can be restored by hand.';
const refetch = 'Files that are installed are not affected. Install the release again to fetch it.';

/**
 * Everything that a verification of a home may find, drift apart. The table is the source of the
 * one in `docs/error-codes.md`; a test compares the two.
 */
export const problemMeanings = {
  FORMAT_DAMAGED: stopsHome(
    '`format.json` cannot be read.',
    'Every command refuses this home until the file is restored.',
  ),
  LAYOUT_NEWER: stopsHome(
    'A newer version of this program wrote it.',
    'That version, or a newer one, can read it; this one judges it no further.',
  ),
  LOCK_DAMAGED: stopsHome(
    'The lock file of the home is no plain file.',
    'Every command that could change something refuses this home until it is moved away.',
  ),
  JOURNAL_PENDING: stopsHome(
    'An operation was interrupted and is not settled.',
    'Its instance may be half way; the next command that may write to the home settles it.',
  ),
  JOURNAL_DAMAGED: stopsHome(
    'The journal of an interrupted operation cannot be read or trusted.',
    'Every command that could change something refuses this home.',
  ),
  CATALOG_LOCAL: stopsNothing(
    'The local catalog cannot be read.',
    'Nothing can be installed, and where instances lie is not known for sure.',
  ),
  LEDGER_DAMAGED: stopsHome(
    'A line of the ledger does not follow from the lines before it, or its end is lost.',
    'What stands before that line can be trusted; that line, and what follows, cannot.',
  ),
  LEDGER_EDITED: stopsOperation(
    'A line of the ledger and the evidence of its operation disagree.',
    'One of the two was edited; the operation cannot be undone.',
  ),
  LEDGER_TORN: worthKnowing(
    'The last line of the ledger was cut short.',
    'It does not count, and the next operation drops it.',
  ),
  LEDGER_HEAD: stopsNothing(
    'The head that was expected is not in the ledger.',
    'The ledger was rewritten, or is an older copy: whatever it says of the time since is not known to be true.',
  ),
  RECORD_DAMAGED: stopsIdentity(
    'The installed record cannot be read or trusted.',
    'What was installed is not known for sure; nothing of the identity can be undone.',
  ),
  RECORD_MISSING: stopsNothing(
    'An identity is installed, and its record is gone.',
    'Edits cannot be told from what was installed; an install that preserves writes a new record.',
  ),
  RECORD_UNKNOWN_OPERATION: stopsIdentity(
    'The record names an operation that the ledger does not have.',
    'The ledger has lost its end, or the record came from elsewhere.',
  ),
  INSTANCE_MISSING: worthKnowing(
    'The directory of an installed identity is gone.',
    'The next install of the identity makes it anew.',
  ),
  INSTANCE_AMBIGUOUS: stopsNothing('One identity has two instance directories.', notCompared),
  INSTANCE_UNSAFE: stopsIdentity(
    'The instance is a link, or lies behind one, or is no directory.',
    notCompared,
  ),
  NOT_TRUSTED: stopsIdentity(
    'The local catalog places the identity where a working tree may not place it.',
    notCompared,
  ),
  INSTANCE_UNREADABLE: stopsIdentity('A file of the instance cannot be read.', notCompared),
  INSTANCE_LIMIT: stopsIdentity(
    'The instance holds more than a scan is allowed to look at.',
    notCompared,
  ),
  EVIDENCE_MISSING: stopsOperation('The evidence of an operation is gone.', byHand),
  EVIDENCE_CHANGED: stopsOperation('The evidence is not what the ledger recorded.', byHand),
  EVIDENCE_DAMAGED: stopsOperation('The evidence cannot be read or trusted.', byHand),
  EVIDENCE_ORPHANED: stopsNothing(
    'The evidence is of no operation that the ledger has.',
    'The ledger has lost the operation, or the file came from elsewhere; it is not believed.',
  ),
  SNAPSHOT_DAMAGED: stopsOperation(
    'A snapshot does not verify.',
    'The operation cannot be undone from it, and nothing in it should be restored unchecked.',
  ),
  SNAPSHOT_CHANGED: stopsOperation(
    'A snapshot verifies, and is not the one in the evidence.',
    'Somebody replaced it; the operation cannot be undone from it.',
  ),
  SNAPSHOT_CHECKSUMS: stopsNothing(
    'The checksums beside a snapshot are not its own.',
    '`sha256sum -c` cannot vouch for it; the evidence can, and the operation can be undone.',
  ),
  SNAPSHOT_ORPHANED: worthKnowing(
    'No operation that is on record took this snapshot.',
    'Nothing needs it, and nothing vouches for it.',
  ),
  DISPLACED_DAMAGED: stopsNothing(
    'Which file is which in a displaced directory cannot be read.',
    'The files are there by number; late writes to them are not noticed.',
  ),
  DISPLACED_ORPHANED: worthKnowing(
    'No operation that is on record displaced this.',
    'Nothing needs it; look at it before you delete it.',
  ),
  LATE_BYTES: worthKnowing(
    'Something went on writing to a file after it was replaced.',
    'The bytes are in the displaced file and nowhere else.',
  ),
  REPORT_DAMAGED: stopsNothing(
    'A report that waits to be published cannot be read, or is of another identity.',
    'The next install would publish it; delete it.',
  ),
  STORE_UNSAFE: stopsNothing(
    'The release store has settings that this program did not make.',
    'It was not looked into. It holds only what can be fetched again: move it away.',
  ),
  STORE_DAMAGED: stopsNothing('git cannot read the release store.', refetch),
  STORE_REF_BROKEN: stopsNothing(
    'A ref of the release store names no whole release.',
    'The tag counts as never seen; the next fetch sets it again.',
  ),
  BASE_MISSING: stopsNothing('The base of a file is not in the release store.', refetch),
  UNREADABLE: stopsNothing('The operating system refuses to read it.', 'It was not checked.'),
} as const satisfies Record<string, ProblemMeaning>;

export type ProblemCode = keyof typeof problemMeanings;

/** One thing that does not verify. */
export interface HomeProblem extends Finding {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warn';
  /** Absolute. */
  readonly path: string;
  /** What follows from it. */
  readonly consequence: string;
  /** The operation or the identity that it is about. */
  readonly ref?: OperationRef;
  readonly id?: string;
}

/** Takes what a check finds. */
export type Note = (problem: HomeProblem) => void;

export type Subject = Pick<HomeProblem, 'path' | 'ref' | 'id'>;

export function problem(code: ProblemCode, subject: Subject, message?: string): HomeProblem {
  const { severity, follows, meaning: means } = problemMeanings[code];
  return { code, severity, ...subject, message: message ?? means, consequence: follows };
}

export function blocks({ code }: HomeProblem): Blocks {
  return problemMeanings[code].blocks;
}

/** Whether the evidence of an operation cannot vouch for its line of the ledger. */
export function vouchesNoLonger({ code }: HomeProblem): boolean {
  return code === 'LEDGER_EDITED' || code.startsWith('EVIDENCE_');
}

/** The value, or as a problem why there is none. What is no finding about the home is thrown. */
export async function attempt<T>(
  subject: Subject,
  work: () => T | Promise<T>,
  note: Note,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    note(problemOf(error, subject));
    return undefined;
  }
}

function problemOf(error: unknown, subject: Subject): HomeProblem {
  const errno = errnoOf(error);
  if (!(error instanceof InstallError)) {
    if (errno !== undefined && /^E[A-Z0-9]+$/.test(errno)) {
      return problem('UNREADABLE', subject, `It cannot be read (${errno}).`);
    }
    throw error;
  }
  const code = error.code.replace(/^E_/, '');
  if (!isProblemCode(code)) throw error;
  return problem(code, subject, error.message);
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemMeanings, code);
}
