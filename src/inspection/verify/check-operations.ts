import { sha256 } from '../../core/digest.ts';
import { InstallError } from '../../core/errors.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import type { InspectionContext } from '../context.ts';
import { readEvidence, type Evidence } from '../../engine/trail/evidence.ts';
import type { LedgerEntry } from '../../engine/trail/ledger.ts';
import { openSnapshot } from '../../engine/snapshot/snapshot.ts';
import { snapshotPaths, type SnapshotManifest } from '../../engine/snapshot/snapshot-manifest.ts';
import { attempt, problem, type Note, type Subject } from './problem.ts';

/**
 * Checks what one operation left behind against its line of the ledger.
 *
 * @returns whether it has a snapshot
 */
export async function checkOperation(
  context: InspectionContext,
  note: Note,
  entry: LedgerEntry,
): Promise<boolean> {
  const { layout } = context;
  const { ref, identity_id: id } = entry;
  context.progress.step(`Checking ${ref}`);
  const subject = { path: layout.evidence(ref), ref, id };
  const evidence = await attempt(subject, () => checkEvidence(context, note, entry), note);
  const expected = evidence?.snapshot ?? null;
  // Evidence that cannot be trusted does not show whether there should be a snapshot.
  if (expected === null && (evidence !== undefined || !hasSnapshot(context, ref))) return false;
  const manifest = await checkSnapshot(context, note, { ref, id });
  if (manifest === undefined || expected === null || manifest.archive_sha256 === expected.sha256) {
    return true;
  }
  const message = `The snapshot of ${ref} is not the one in its evidence.`;
  note(problem('SNAPSHOT_CHANGED', { ...subject, path: layout.snapshots(ref).archive }, message));
  return true;
}

/** @returns undefined if it cannot be trusted */
function checkEvidence(
  { fs, layout }: InspectionContext,
  note: Note,
  entry: LedgerEntry,
): Evidence | undefined {
  const { ref, identity_id: id } = entry;
  const path = layout.evidence(ref);
  const subject: Subject = { path, ref, id };
  if (fs.stat(path) === undefined) {
    note(problem('EVIDENCE_MISSING', subject, `The evidence of ${ref} is missing.`));
    return undefined;
  }
  const bytes = fs.read(path);
  if (sha256(bytes) !== entry.evidence_sha256) {
    const whose = refIn(bytes);
    const message =
      whose === undefined || whose === ref
        ? 'It is not what the ledger recorded.'
        : `It is not what the ledger recorded: it is evidence of ${whose}.`;
    note(problem('EVIDENCE_CHANGED', subject, message));
    return undefined;
  }
  try {
    return readEvidence(fs, layout.evidenceDirectory, entry);
  } catch (error) {
    if (!(error instanceof InstallError) || error.code !== 'E_LEDGER_DAMAGED') throw error;
    note(problem('LEDGER_EDITED', { ...subject, path: layout.ledger }, error.message));
    return undefined;
  }
}

/** The operation that a document says it is evidence of. */
function refIn(bytes: Buffer): string | undefined {
  try {
    const document = JSON.parse(bytes.toString('utf8')) as { readonly ref?: unknown } | null;
    return typeof document?.ref === 'string' ? document.ref : undefined;
  } catch {
    return undefined;
  }
}

function hasSnapshot({ fs, layout }: InspectionContext, ref: string): boolean {
  return Object.values(layout.snapshots(ref)).some((path: string) => fs.stat(path) !== undefined);
}

/** Archive, manifest and checksums against each other. */
export async function checkSnapshot(
  { fs, archive, layout }: InspectionContext,
  note: Note,
  subject: { readonly ref: OperationRef; readonly id?: string },
): Promise<SnapshotManifest | undefined> {
  const { ref } = subject;
  const paths = snapshotPaths(layout.snapshotsDirectory, ref);
  const tools = { fs, archive, directory: layout.snapshotsDirectory };
  const manifest = await attempt(
    { ...subject, path: paths.archive },
    () => openSnapshot(tools, ref),
    note,
  );
  if (manifest === undefined) return undefined;
  const checksums = { ...subject, path: paths.checksums };
  await attempt(
    checksums,
    () => {
      const wanted = [
        `${manifest.archive_sha256}  ${ref}.tar.gz\n`,
        `${sha256(fs.read(paths.manifest))}  ${ref}.json\n`,
      ].join('');
      const there = fs.stat(paths.checksums) === undefined ? undefined : fs.read(paths.checksums);
      if (there?.toString('utf8') !== wanted) note(problem('SNAPSHOT_CHECKSUMS', checksums));
    },
    note,
  );
  return manifest;
}
