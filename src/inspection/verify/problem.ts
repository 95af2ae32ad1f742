import { InstallError, errnoOf } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { OperationRef } from '../../core/operation-ref.ts';

/** What cannot be undone while a problem exists. */
type Blocks = 'home' | 'identity' | 'operation' | 'nothing';

interface ProblemMeaning {
  readonly severity: 'error' | 'warn';
  readonly meaning: string;
  /** The consequence, for somebody who has to decide what to trust. */
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
const byHand =
  'The operation cannot be undone; the content of its snapshot can be restored by hand.';
const refetch = 'Files that are installed are not affected. Install the release again to fetch it.';

/**
 * Everything that a verification of a home may find, except drift. The table is the source of the
 * one in `docs/error-codes.md`; a test compares the two.
 */
export const problemMeanings = {
  FORMAT_DAMAGED: stopsHome(
    '`format.json` cannot be read.',
    'Every command refuses this home until the file is restored.',
  ),
  LAYOUT_NEWER: stopsHome(
    'A newer version of this program wrote it.',
    'That version, or a newer one, can read it; this one checks nothing else.',
  ),
  LOCK_DAMAGED: stopsHome(
    'The lock file of the home is not a regular file.',
    'Every command that could change something refuses this home until it is moved away.',
  ),
  JOURNAL_PENDING: worthKnowing(
    'An operation was interrupted and has not been recovered.',
    'Its instance may be half-changed until it is recovered, at the latest by the next command that writes to the home.',
  ),
  JOURNAL_DAMAGED: stopsHome(
    'The journal of an interrupted operation cannot be read or trusted.',
    'Every command that could change something refuses this home.',
  ),
  CATALOG_LOCAL: stopsNothing(
    'The local catalog cannot be read.',
    'Nothing can be installed, and the places of instances are uncertain.',
  ),
  LEDGER_DAMAGED: stopsHome(
    'A line of the ledger does not follow from the lines before it, or its end is lost.',
    'The lines before it can be trusted; that line, and all that follow, cannot.',
  ),
  LEDGER_EDITED: stopsOperation(
    'A line of the ledger and the evidence of its operation disagree.',
    'One of the two was edited; the operation cannot be undone.',
  ),
  LEDGER_TORN: worthKnowing(
    'The last line of the ledger was cut short.',
    'It does not count, and the next operation removes it.',
  ),
  LEDGER_HEAD: stopsNothing(
    'The head that was expected is not in the ledger.',
    'The ledger was rewritten, or is an older copy: what it says about the time since cannot be trusted.',
  ),
  RECORD_DAMAGED: stopsIdentity(
    'The installed record cannot be read or trusted.',
    'What was installed is uncertain; nothing of the identity can be undone.',
  ),
  RECORD_MISSING: stopsNothing(
    'An identity is installed, but its record is missing.',
    'Edits cannot be distinguished from installed files; an install in the mode preserve writes a new record.',
  ),
  RECORD_UNKNOWN_OPERATION: stopsIdentity(
    'The record names an operation that is missing from the ledger.',
    'The ledger has lost its end, or the record came from elsewhere.',
  ),
  INSTANCE_MISSING: worthKnowing(
    'The directory of an installed identity is missing.',
    'The next install of the identity creates it again.',
  ),
  INSTANCE_AMBIGUOUS: stopsNothing('One identity has two instance directories.', notCompared),
  INSTANCE_UNSAFE: stopsIdentity(
    'The instance is a link, lies behind one, or is not a directory.',
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
  EVIDENCE_MISSING: stopsOperation('The evidence of an operation is missing.', byHand),
  EVIDENCE_CHANGED: stopsOperation('The evidence is not what the ledger recorded.', byHand),
  EVIDENCE_DAMAGED: stopsOperation('The evidence cannot be read or trusted.', byHand),
  EVIDENCE_ORPHANED: stopsNothing(
    'The evidence belongs to an operation that is missing from the ledger.',
    'The ledger has lost the operation, or the file came from elsewhere; it is not trusted.',
  ),
  SNAPSHOT_DAMAGED: stopsOperation(
    'A snapshot fails verification.',
    'The operation cannot be undone from it, and nothing in it should be restored unchecked.',
  ),
  SNAPSHOT_CHANGED: stopsOperation(
    'A snapshot verifies, but is not the one in the evidence.',
    'Somebody replaced it; the operation cannot be undone from it.',
  ),
  SNAPSHOT_CHECKSUMS: stopsNothing(
    'The checksums beside a snapshot do not belong to it.',
    '`sha256sum -c` cannot confirm it, but the evidence does, and the operation can be undone.',
  ),
  SNAPSHOT_ORPHANED: worthKnowing(
    'No recorded operation took this snapshot.',
    'Nothing needs it, and nothing confirms its content.',
  ),
  DISPLACED_DAMAGED: stopsNothing(
    'The list of the files in a displaced directory cannot be read.',
    'The files exist under their numbers; late writes to them are not detected.',
  ),
  DISPLACED_ORPHANED: worthKnowing(
    'No recorded operation displaced this.',
    'Nothing needs it; look at it before you delete it.',
  ),
  LATE_BYTES: worthKnowing(
    'Something continued to write to a file after it was replaced.',
    'The bytes are only in the displaced file.',
  ),
  REPORT_DAMAGED: stopsNothing(
    'A report that is to be published cannot be read, or belongs to another identity.',
    'The next install would publish it; delete it.',
  ),
  STORE_UNSAFE: stopsNothing(
    'The release store has settings that this program did not make.',
    'It was not checked. It holds only what can be fetched again: move it away.',
  ),
  STORE_DAMAGED: stopsNothing('git cannot read the release store.', refetch),
  STORE_REF_BROKEN: stopsNothing(
    'A ref of the release store does not lead to a complete release.',
    'The tag counts as never seen; the next fetch sets it again.',
  ),
  BASE_MISSING: stopsNothing('The base of a file is missing from the release store.', refetch),
  UNREADABLE: stopsNothing('The operating system refuses to read it.', 'It was not checked.'),
} as const satisfies Record<string, ProblemMeaning>;

export type ProblemCode = keyof typeof problemMeanings;

/** One thing that does not verify. */
export interface HomeProblem extends Finding {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warn';
  /** Absolute. */
  readonly path: string;
  /** The consequence. */
  readonly consequence: string;
  /** The operation or the identity that it is about. */
  readonly ref?: OperationRef;
  readonly id?: string;
}

/** Receives what a check finds. */
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

/**
 * The value; or undefined, after noting a problem that says why. Errors that are not about the home
 * are thrown.
 */
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
