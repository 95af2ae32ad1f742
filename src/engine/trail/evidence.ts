import { join } from 'node:path';
import { sha256 } from '../../core/digest.ts';
import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { refuseNewerSchema } from '../../core/newer-schema.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import type { PackPath } from '../../core/path.ts';
import type { InstalledRecord } from '../../core/record.ts';
import type { ResolvedRelease } from '../../core/release.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { steps } from '../../core/remedy.ts';
import { octal } from '../../core/octal.ts';
import { staysInPlace, type Change, type PathState } from '../change.ts';
import type { LedgerEntry } from './ledger.ts';
import type { OperationWarning } from '../operation-warning.ts';

/** One path in the evidence: what was done to it and why. Modes are octal text, `0644`. */
export interface EvidenceFile {
  readonly path: PackPath;
  readonly root: 'instance' | 'home';
  readonly action: string;
  /** Why it was kept; null if it was changed. */
  readonly reason: string | null;
  readonly before: { readonly sha256: string; readonly size: number; readonly mode: string } | null;
  readonly after: { readonly sha256: string; readonly size: number; readonly mode: string } | null;
}

export interface EvidenceSnapshot {
  /** Relative to the home. */
  readonly path: string;
  readonly sha256: string;
  readonly holds: 'instance' | 'changed-files';
}

/** The part of the evidence that is known before anything is touched; it is in the intent. */
export interface EvidenceDraft {
  readonly run_id: string;
  readonly operation: 'install' | 'rollback' | 'register';
  readonly started_at: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly command: string;
  readonly mode: string;
  readonly release: ResolvedRelease | null;
  readonly previous_release: ResolvedRelease | null;
  readonly plan_digest: string;
  readonly conflict_type: string;
  readonly action: string;
  readonly source_signature: string | null;
  readonly target_signature_before: string;
  readonly files: readonly EvidenceFile[];
  readonly reports: readonly PackPath[];
  /** What the snapshot will hold; null if no bytes will change. */
  readonly snapshot_holds: EvidenceSnapshot['holds'] | null;
  /** The operation that this one undoes. */
  readonly undoes: OperationRef | null;
  readonly undo: string;
  /** The findings of the plan about the pack, for example hidden text. */
  readonly findings: readonly Finding[];
  /** One line for `identity history`. */
  readonly summary: string;
}

/**
 * `evidence/<ref>.json`: what one operation changed, what it kept and why, and how to undo it. The
 * format is docs/evidence-format.md; names are the protocol's if it has one.
 */
export interface Evidence extends Omit<EvidenceDraft, 'snapshot_holds'> {
  readonly schema: 'identity-install/evidence@1';
  readonly ref: OperationRef;
  readonly identity_id: string;
  readonly home: string;
  readonly instance: string;
  readonly outcome: 'done' | 'aborted';
  readonly completed_at: string;
  /** Whether it was completed by another process than the one that began it. */
  readonly recovered: boolean;
  /** What was applied, in order, exactly enough to be inverted. */
  readonly changes: readonly Change[];
  readonly snapshot: EvidenceSnapshot | null;
  /** The snapshot, and the reference a rollback takes; null if nothing was overwritten. */
  readonly backup_ref: string | null;
  readonly rollback_ref: OperationRef | null;
  readonly warnings: readonly OperationWarning[];
  readonly record_before: InstalledRecord | null;
}

/** A file as the evidence describes it; null for anything that is not a file. */
export function fileFacts(state: PathState | null | undefined): EvidenceFile['before'] {
  if (state?.kind !== 'file') return null;
  const { sha256: digest, size, mode } = state;
  return { sha256: digest, size, mode: octal(mode) };
}

export function serializeEvidence(evidence: Evidence): Buffer {
  return Buffer.from(`${JSON.stringify(evidence, null, 1)}\n`);
}

/**
 * The evidence of an operation, checked against its line in the ledger, because an undo follows the
 * paths in it. The chain of the ledger proves every line but the last, and the digest in a line
 * proves the evidence; the agreement of line and evidence proves the last line, too.
 *
 * @throws InstallError E_EVIDENCE_DAMAGED if the file is missing, changed or malformed, or names a
 *   path outside its place; E_LAYOUT_NEWER if a newer version of this program wrote it;
 *   E_LEDGER_DAMAGED if the line disagrees
 */
export function readEvidence(fs: ReadFileSystem, directory: string, entry: LedgerEntry): Evidence {
  const { ref } = entry;
  const path = join(directory, `${ref}.json`);
  let bytes: Buffer;
  let evidence: Partial<Evidence>;
  try {
    bytes = fs.read(path);
    evidence = (JSON.parse(bytes.toString('utf8')) ?? {}) as Partial<Evidence>;
  } catch (cause) {
    throw damagedEvidence(path, 'cannot be read', cause);
  }
  const schema: unknown = evidence.schema;
  refuseNewerSchema(schema, 'identity-install/evidence@1', path);
  if (evidence.ref !== ref) throw damagedEvidence(path, 'is evidence of another operation');
  if (sha256(bytes) !== entry.evidence_sha256) {
    throw damagedEvidence(path, 'is not what the ledger recorded');
  }
  if (schema !== 'identity-install/evidence@1' || !Array.isArray(evidence.changes)) {
    throw damagedEvidence(path, 'is not evidence of this program');
  }
  if (!evidence.changes.every(staysInPlace))
    throw damagedEvidence(path, 'names a path outside its place');
  refuseOtherLine(entry, evidence as Evidence);
  return evidence as Evidence;
}

function refuseOtherLine(entry: LedgerEntry, evidence: Evidence): void {
  const { run_id, identity_id, operation, outcome, undoes, summary, completed_at: at } = evidence;
  const said = { run_id, identity_id, operation, outcome, undoes, at, summary };
  const other = Object.entries(said).find(
    ([key, value]) => entry[key as keyof typeof said] !== value,
  );
  if (other === undefined) return;
  throw new InstallError(
    'E_LEDGER_DAMAGED',
    `The ${other[0]} of ${entry.ref} in the ledger differs from its evidence.`,
    {
      remedy: steps('The ledger was edited. Nothing was changed.', {
        kind: 'restore',
        what: 'the ledger',
      }),
      details: { ref: entry.ref, field: other[0] },
    },
  );
}

function damagedEvidence(path: string, what: string, cause?: unknown): InstallError {
  return new InstallError('E_EVIDENCE_DAMAGED', `The evidence ${path} ${what}.`, {
    remedy: steps(
      'Nothing was changed.',
      { kind: 'restore', what: 'the file' },
      'Without a backup, restore the snapshot of the operation by hand (docs/apply-and-rollback.md).',
    ),
    details: { path },
    cause,
  });
}
