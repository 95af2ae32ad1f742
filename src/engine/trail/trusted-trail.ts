import { isAbsolute, join, relative } from 'node:path';
import { InstallError } from '../../core/errors.ts';
import { steps } from '../../core/remedy.ts';
import { refuseUnsafePlace } from '../../instance/locate.ts';
import { readRecord } from '../../instance/record-file.ts';
import type { EngineContext } from '../context.ts';
import { readEvidence, type Evidence } from './evidence.ts';
import type { Operation } from './history.ts';
import { requireOperation, type Ledger } from './ledger.ts';
import type { Roots } from '../live-state.ts';
import { openSnapshot } from '../snapshot/snapshot.ts';

/**
 * The evidence of everything that is to be undone, checked completely before the first undo: half a
 * sequence helps nobody.
 *
 * @throws InstallError E_EVIDENCE_DAMAGED, E_SNAPSHOT_DAMAGED, E_LEDGER_DAMAGED,
 *   E_INSTANCE_UNSAFE
 */
export async function trustedTrail(
  context: EngineContext,
  ledger: Ledger,
  sequence: readonly Operation[],
): Promise<readonly Evidence[]> {
  const { fs, layout } = context;
  const trail: Evidence[] = [];
  for (const operation of sequence) {
    const evidence = readEvidence(fs, layout.evidenceDirectory, operation);
    const record = readRecord(fs, layout.recordFile(evidence.identity_id));
    if (record !== undefined) requireOperation(ledger, layout.ledger, record.operation);
    refuseUnsafePlace(fs, layout.home, rootsNow(evidence, layout.home).instance);
    // A single snapshot is read and checked in any case before anything is touched.
    if (sequence.length > 1) await openSnapshotOf(context, evidence);
    trail.push(evidence);
  }
  return trail;
}

/** Reads the whole snapshot that an operation took, and checks it against the evidence. */
export async function openSnapshotOf(
  { fs, archive, layout }: EngineContext,
  { ref, snapshot }: Evidence,
  visit?: (member: string, content: Buffer) => void,
): Promise<void> {
  if (snapshot === null) return;
  const tools = { fs, archive, directory: layout.snapshotsDirectory };
  const manifest = await openSnapshot(tools, ref, visit);
  if (manifest.archive_sha256 === snapshot.sha256) return;
  throw new InstallError(
    'E_SNAPSHOT_DAMAGED',
    `The snapshot of ${ref} is not the one that its evidence names.`,
    { remedy: steps('Nothing was changed.', { kind: 'restore', what: 'the snapshot' }) },
  );
}

/** The home may have been moved since the operation; an instance inside it moved along. */
export function rootsNow(evidence: Evidence, home: string): Roots {
  const inside = relative(evidence.home, evidence.instance);
  const moved = !isAbsolute(inside) && !inside.startsWith('..');
  return { home, instance: moved ? join(home, inside) : evidence.instance };
}
