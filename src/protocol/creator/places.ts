import type { PackPath } from '../../core/path.ts';
import { day } from './text.ts';
import type { PackDescription } from './pack-options.ts';

/** Where a pack is in its repository, and the way back from there to the repository's `identity`. */
export function packDirectory(id: string): PackPath {
  return `identity/packs/${id}`;
}
export const identityFromPack = '../..';

export interface EvidencePlace {
  /** The pattern in the contract; `*` is the date and whatever else distinguishes records. */
  readonly pattern: PackPath;
  /** The scaffold's sample. By its date it sorts before every later record. */
  readonly sample: PackPath;
}

const patterns = {
  learning: 'runtime/examples/<id>-learning-*.json',
  protocolReview: 'runtime/examples/protocol-baseline-review-<id>-*.json',
  updateReplay: 'runtime/examples/<id>-update-replay-*.json',
  triggerRegression: 'runtime/examples/<id>-trigger-regression-*.json',
  arbitration: 'runtime/examples/<id>-capability-arbitration-*.json',
  collaboration: 'runtime/logs/collaboration/<id>-*.json',
  feedback: 'runtime/logs/feedback/<id>-feedback-*.json',
  installSafety: 'runtime/reports/install/install-report-*-<id>.json',
} as const;

export type EvidenceKind = keyof typeof patterns;

/** The place of one kind of evidence in a pack. */
export function placeOf(kind: EvidenceKind, { id, now }: PackDescription): EvidencePlace {
  const pattern = patterns[kind].replace('<id>', id);
  return { pattern, sample: pattern.replace('*', `${day(now)}-sample`) };
}
