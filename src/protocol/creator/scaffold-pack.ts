import type { PackPath } from '../../core/path.ts';
import { agentFile, historyFile, metaFile, rulebookFile } from './documents.ts';
import { describePack, type PackDescription, type PackOptions } from './pack-options.ts';
import { placeOf, type EvidenceKind } from './places.ts';
import { promptFile } from './prompt.ts';
import { arbitration, collaboration, feedback, installReport, learning } from './run-evidence.ts';
import { taskFile } from './task.ts';
import { jsonText } from './text.ts';
import { protocolReview, triggerRegression, updateReplay } from './update-evidence.ts';

const evidence = {
  learning,
  protocolReview,
  updateReplay,
  triggerRegression,
  arbitration,
  collaboration,
  feedback,
  installSafety: installReport,
} satisfies Record<EvidenceKind, (pack: PackDescription) => Record<string, unknown>>;

/**
 * The files of a new pack, by their path in it. It keeps every contract of the protocol on the day
 * of its creation; its evidence consists of samples that are marked as such. The same options give
 * the same bytes.
 *
 * @throws InstallError E_ID_INVALID, E_ID_RESERVED, E_CREATE_TEXT
 */
export function scaffoldPack(options: PackOptions): ReadonlyMap<PackPath, Uint8Array> {
  const pack = describePack(options);
  const texts = new Map<PackPath, string>([
    ['IDENTITY_PROMPT.md', promptFile(pack)],
    ['CURRENT_TASK.json', taskFile(pack)],
    ['TASK_HISTORY.md', historyFile(pack)],
    ['META.yaml', metaFile(pack)],
    ['RULEBOOK.jsonl', rulebookFile(pack)],
    ['agents/identity.yaml', agentFile(pack)],
  ]);
  for (const [kind, write] of Object.entries(evidence)) {
    texts.set(placeOf(kind as EvidenceKind, pack).sample, jsonText(write(pack)));
  }
  const encoder = new TextEncoder();
  return new Map([...texts].map(([path, text]) => [path, encoder.encode(text)]));
}
