import type { EntryState } from '../../src/core/entry.ts';
import {
  decide,
  type Decision,
  type ThreeWay,
  type ThreeWayOptions,
} from '../../src/planning/three-way.ts';
import type { FileClass } from '../../src/instance/classes.ts';
import type { FileAction, Mode } from '../../src/planning/plan.ts';

/** What else is given, besides the three states; nothing unless it is said. */
export type Given = Partial<ThreeWayOptions & ThreeWay>;

/**
 * A decision in the words of the three-way table (docs/architecture.md). States: `-` absent, a
 * letter a file with that content, `a+x` executable, `dir`, `link`.
 */
export function decideInWords(
  [base, local, incoming]: readonly [string, string, string],
  mode: Mode,
  fileClass: FileClass,
  given: Given = {},
): string {
  const states = { base: stateOf(base), local: stateOf(local), incoming: stateOf(incoming) };
  const way = { ...states, class: fileClass, wayIsClear: false, parentBlocked: false };
  const options = { mode, restoreDeleted: false, prune: false, includeState: false };
  return wordOf(decide({ ...way, ...given }, { ...options, ...given }));
}

function stateOf(text: string): EntryState {
  if (text === '-') return { kind: 'absent' };
  if (text === 'dir') return { kind: 'directory' };
  if (text === 'link') return { kind: 'link' };
  const [, sha256, x] = /^([a-z])(\+x)?$/.exec(text) ?? [];
  if (sha256 === undefined) throw new Error(`no state of a file: ${text}`);
  return { kind: 'file', sha256, size: 1, executable: x !== undefined };
}

/** What was decided about one path; an action of a plan says it as well. */
export function wordOf(decision: Decision | FileAction): string {
  if (decision.kind !== 'keep') return decision.kind;
  return decision.conflict === undefined ? decision.reason : `conflict:${decision.conflict}`;
}
