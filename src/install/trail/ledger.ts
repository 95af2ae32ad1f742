import { canonicalJson, sha256 } from '../../core/digest.ts';
import { InstallError } from '../../core/errors.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import type { FileSystem, ReadFileSystem } from '../../platform/file-system.ts';
import { readWithin } from '../../platform/read-within.ts';

/** One line of `ledger.jsonl`: append-only, each holds the hash of the one before. */
export interface LedgerEntry {
  readonly ref: OperationRef;
  readonly run_id: string;
  readonly identity_id: string;
  readonly operation: 'install' | 'rollback';
  readonly outcome: 'done' | 'aborted';
  readonly at: string;
  readonly summary: string;
  readonly undoes: OperationRef | null;
  /** SHA-256 of `evidence/<ref>.json`. */
  readonly evidence_sha256: string;
  /** SHA-256 of the line before, without its line feed; 64 zeros for the first. */
  readonly previous: string;
}

export interface Ledger {
  readonly entries: readonly LedgerEntry[];
  /** SHA-256 of the last line. */
  readonly head: string;
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
  /** A write that was cut short left part of a line; it is dropped at the next append. */
  readonly torn: boolean;
}

const damagedHint =
  'The ledger was edited or damaged; nothing was changed. Restore it from a backup of the home. Evidence and snapshots stand on their own and can be checked by hand.';

/** Bytes: a line has a few hundred, so that no home ever comes near. */
const longestLedger = 128 * 1024 * 1024;

const genesis = '0'.repeat(64);

/**
 * Reads and checks the whole chain. A torn last line is what a power cut leaves and is reported,
 * not refused; anything else that does not fit is.
 *
 * @throws InstallError E_LEDGER_DAMAGED naming the line
 */
export function readLedger(fs: ReadFileSystem, path: string): Ledger {
  const bytes = fs.stat(path) === undefined ? Buffer.alloc(0) : readWithin(fs, path, longestLedger);
  if (bytes === undefined) throw oversizedLedger(path);
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, wholeBytes).toString('utf8').split('\n').slice(0, -1);
  const entries: LedgerEntry[] = [];
  let head = genesis;
  for (const [index, line] of lines.entries()) {
    const entry = parseEntry(line, path, index + 1);
    if (entry.previous !== head) throw damagedLedger(path, index + 1);
    entries.push(entry);
    head = sha256(line);
  }
  return { entries, head, wholeBytes, torn: wholeBytes < bytes.length };
}

/** Appends one entry durably, after cutting off a torn line. */
export function appendToLedger(
  fs: FileSystem,
  path: string,
  ledger: Ledger,
  entry: Omit<LedgerEntry, 'previous'>,
): void {
  if (ledger.torn) fs.truncate(path, ledger.wholeBytes);
  fs.append(path, Buffer.from(`${canonicalJson({ ...entry, previous: ledger.head })}\n`));
  fs.sync(path);
}

/**
 * A ledger that was cut at the end of a line, or deleted, looks whole; the record of an identity
 * knows better.
 *
 * @throws InstallError E_LEDGER_DAMAGED when the operation that a record names is not in the ledger
 */
export function requireOperation(ledger: Ledger, path: string, ref: OperationRef): void {
  if (ledger.entries.some((entry) => entry.ref === ref)) return;
  throw new InstallError('E_LEDGER_DAMAGED', `${path} has lost operation ${ref}.`, {
    hint: damagedHint,
    details: { path, ref },
  });
}

function parseEntry(line: string, path: string, number: number): LedgerEntry {
  try {
    const entry = JSON.parse(line) as Partial<LedgerEntry> | null;
    if (typeof entry?.ref === 'string' && typeof entry.previous === 'string') {
      return entry as LedgerEntry;
    }
  } catch (cause) {
    throw damagedLedger(path, number, cause);
  }
  throw damagedLedger(path, number);
}

function oversizedLedger(path: string): InstallError {
  return new InstallError('E_LEDGER_DAMAGED', `${path} is over ${longestLedger} bytes.`, {
    hint: damagedHint,
    details: { path, limit: longestLedger },
  });
}

function damagedLedger(path: string, line: number, cause?: unknown): InstallError {
  return new InstallError(
    'E_LEDGER_DAMAGED',
    `Line ${line} of ${path} does not follow from the lines before it.`,
    {
      hint: damagedHint,
      details: { path, line },
      cause,
    },
  );
}
