import { ownMember } from '../../core/own-member.ts';
import type { InstalledRecord } from '../../core/record.ts';
import type { Intent } from '../journal/intent.ts';

/** The record if only some of the changes are in effect: the other files keep their base. */
export function settledRecord(
  intent: Intent,
  applied: ReadonlySet<number>,
): InstalledRecord | null {
  const after = intent.recordAfter;
  if (after === null) return null;
  const files = new Map(Object.entries(after.files));
  for (const [slot, change] of intent.changes.entries()) {
    if (applied.has(slot) || change.root !== 'instance') continue;
    const base = ownMember(intent.recordBefore?.files, change.path);
    if (base === undefined) files.delete(change.path);
    else files.set(change.path, base);
  }
  return { ...after, files: Object.fromEntries(files) };
}
