import { canonicalJson, sha256 } from '../../core/digest.ts';
import { InstallError } from '../../core/errors.ts';
import { isIdentityId } from '../../core/identity-id.ts';
import { isOperationRef, type OperationRef } from '../../core/operation-ref.ts';
import { steps } from '../../core/remedy.ts';
import type { FileSystem, NodeKind, ReadFileSystem } from '../../platform/file-system.ts';
import { readBounded } from '../../platform/files/read-bounded.ts';
import { appendVerified } from '../../platform/files/verified-write.ts';

/** One line of `ledger.jsonl`: append-only, each holds the hash of the one before. */
export interface LedgerEntry {
  readonly ref: OperationRef;
  readonly run_id: string;
  readonly identity_id: string;
  readonly operation: 'install' | 'rollback' | 'register';
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
  /** SHA-256 of the last whole line, without its line feed; 64 zeros if there is none. */
  readonly head: string;
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
  /** A write that was cut short left part of a line; the next append removes it. */
  readonly torn: boolean;
}

const damagedRemedy = steps(
  'The ledger was edited or damaged. Nothing was changed.',
  { kind: 'restore', what: 'the ledger' },
  'Evidence and snapshots do not depend on it and can be checked by hand.',
);

const lostRemedy = steps(
  'Nothing was changed.',
  { kind: 'restore', what: 'the ledger' },
  { kind: 'command', command: 'verifyHome', to: 'see what can still be trusted' },
  'Without a backup, move the files of the operation out of evidence/ and record/: it can then no longer be undone, and the next install adopts the existing files.',
);

/** Bytes. A line has a few hundred, so no real home comes near this. */
const longestLedger = 128 * 1024 * 1024;

const genesis = '0'.repeat(64);

/** The content of a ledger, and how far it is intact. */
export interface LedgerChain extends Ledger {
  /** The first line that does not follow from the lines before it; undefined in a sound ledger. */
  readonly damage: { readonly line: number; readonly error: InstallError } | undefined;
  /** Readable lines from the damaged one on: nothing proves what they say. */
  readonly beyond: readonly LedgerEntry[];
  /** SHA-256 of each line of `entries`. */
  readonly heads: readonly string[];
}

/**
 * Reads and checks the whole chain. A torn last line is what a power cut leaves, so it is reported
 * and not refused; any other defect is refused.
 *
 * @throws InstallError E_LEDGER_DAMAGED naming the line
 */
export function readLedger(fs: ReadFileSystem, path: string): Ledger {
  const { damage, entries, head, wholeBytes, torn } = readChain(fs, path);
  if (damage !== undefined) throw damage.error;
  return { entries, head, wholeBytes, torn };
}

/**
 * The same for a caller that wants to know what is left: `entries` end where the damage begins.
 *
 * @throws InstallError E_LEDGER_DAMAGED if it is not a regular file, or is unreasonably large
 */
export function readChain(fs: ReadFileSystem, path: string): LedgerChain {
  const kind = fs.stat(path)?.kind;
  if (kind !== undefined && kind !== 'file') throw strangeLedger(path, kind);
  const bytes = kind === undefined ? Buffer.alloc(0) : readBounded(fs, path, longestLedger);
  if (bytes === undefined) throw oversizedLedger(path);
  return chainOf(bytes, path);
}

/** The same for bytes in memory. `path` is for messages. */
export function chainOf(bytes: Buffer, path: string): LedgerChain {
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const lines = linesOf(bytes.subarray(0, wholeBytes));
  const entries: LedgerEntry[] = [];
  const heads: string[] = [];
  let damage: LedgerChain['damage'];
  for (const [index, line] of lines.entries()) {
    const entry = parseEntry(line);
    if (entry instanceof Error || entry.previous !== (heads.at(-1) ?? genesis)) {
      const cause = entry instanceof Error ? entry : undefined;
      damage = { line: index + 1, error: damagedLedger(path, index + 1, cause) };
      break;
    }
    entries.push(entry);
    heads.push(sha256(line));
  }
  const beyond = lines
    .slice(entries.length)
    .map(parseEntry)
    .flatMap((entry) => (entry instanceof Error ? [] : [entry]));
  const head = heads.at(-1) ?? genesis;
  return { entries, heads, head, wholeBytes, torn: wholeBytes < bytes.length, damage, beyond };
}

/** Bytes, not text: invalid UTF-8 must not hash like the text that it would decode to. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    lines.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return lines;
}

/** What a user can note to check later that history has only grown; null if there is none yet. */
export function headOf({ entries, head }: Ledger): string | null {
  return entries.length === 0 ? null : head;
}

/** Appends one entry durably, after cutting off a torn line. */
export function appendToLedger(
  fs: FileSystem,
  path: string,
  ledger: Ledger,
  entry: Omit<LedgerEntry, 'previous'>,
): void {
  if (ledger.torn) fs.truncate(path, ledger.wholeBytes);
  const line = Buffer.from(`${canonicalJson({ ...entry, previous: ledger.head })}\n`);
  appendVerified(fs, path, line, ledger.wholeBytes);
  fs.sync(path);
}

/**
 * A ledger that was cut at the end of a line, or deleted, looks complete; the record of an identity
 * proves the loss.
 *
 * @param ref the operation of a record, or of a file of evidence @throws InstallError
 *   E_LEDGER_DAMAGED if it is not in the ledger
 */
export function requireOperation(ledger: Ledger, path: string, ref: OperationRef): void {
  if (ledger.entries.some((entry) => entry.ref === ref)) return;
  throw new InstallError('E_LEDGER_DAMAGED', `${path} has lost operation ${ref}.`, {
    remedy: lostRemedy,
    details: { path, ref },
  });
}

/**
 * @returns an error for a line that is not a valid entry: its names become paths, so they are
 * checked
 */
function parseEntry(line: Buffer): LedgerEntry | Error {
  let entry: Partial<Record<keyof LedgerEntry, unknown>> | null;
  try {
    entry = JSON.parse(line.toString('utf8')) as typeof entry;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const names =
    isRef(entry?.ref) &&
    (entry?.undoes === null || isRef(entry?.undoes)) &&
    typeof entry?.identity_id === 'string' &&
    isIdentityId(entry.identity_id);
  if (names && typeof entry?.previous === 'string') return entry as unknown as LedgerEntry;
  return new Error('It is not a valid entry of a ledger.');
}

function isRef(value: unknown): boolean {
  return typeof value === 'string' && isOperationRef(value);
}

function oversizedLedger(path: string): InstallError {
  return new InstallError('E_LEDGER_DAMAGED', `${path} is larger than ${longestLedger} bytes.`, {
    remedy: damagedRemedy,
    details: { path, limit: longestLedger },
  });
}

function strangeLedger(path: string, kind: NodeKind): InstallError {
  return new InstallError('E_LEDGER_DAMAGED', `${path} is not a regular file, but a ${kind}.`, {
    remedy:
      'Nothing was changed. Move it away, and restore the ledger itself, or its copy from a backup of the home.',
    details: { path, kind },
  });
}

function damagedLedger(path: string, line: number, cause?: unknown): InstallError {
  return new InstallError(
    'E_LEDGER_DAMAGED',
    `Line ${line} of ${path} does not follow from the lines before it.`,
    {
      remedy: damagedRemedy,
      details: { path, line },
      cause,
    },
  );
}
