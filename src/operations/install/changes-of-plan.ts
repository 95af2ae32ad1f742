import type { EntryState } from '../../core/entry.ts';
import type { PackPath } from '../../core/path.ts';
import {
  directoryChanges,
  nothing,
  orderChanges,
  type Change,
  type DirectoryFacts,
  type FilePathState,
} from '../../engine/change.ts';
import type { FileAction, Plan } from '../../planning/plan.ts';

/** A file of ours that an operation also writes: a protocol report, the local catalog. */
export interface ComposedFile {
  readonly root: Change['root'];
  readonly path: PackPath;
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly before: FilePathState | null;
  readonly mode: number;
}

/** The steps that carry a plan out, directories included, in order. */
export function changesOfPlan(
  plan: Plan,
  composed: readonly ComposedFile[],
  facts: DirectoryFacts,
): Change[] {
  const files = [
    ...plan.actions.flatMap((action) => changesOfAction(action)),
    ...composed.map(({ root, path, bytes, sha256, before, mode }): Change => {
      const after = { kind: 'file', sha256, size: bytes.byteLength, mode } as const;
      return { root, path, before: before ?? nothing, after };
    }),
  ];
  return orderChanges([...files, ...directoryChanges(files, facts)]);
}

function changesOfAction(action: FileAction): Change[] {
  const { path } = action;
  switch (action.kind) {
    case 'keep':
      return [];
    case 'add': {
      const after = fileWithMode(action.incoming, action.mode);
      return [{ root: 'instance', path, before: nothing, after }];
    }
    case 'remove': {
      const before = fileWithMode(action.local, action.modeBefore);
      return [{ root: 'instance', path, before, after: nothing }];
    }
    case 'update':
    case 'replace': {
      const before = fileWithMode(action.local, action.modeBefore);
      const after = fileWithMode(action.incoming, action.mode);
      return [{ root: 'instance', path, before, after }];
    }
  }
}

function fileWithMode(state: EntryState, mode: number): FilePathState {
  if (state.kind !== 'file') throw new TypeError(`a ${state.kind} cannot be written as a file`);
  return { kind: 'file', sha256: state.sha256, size: state.size, mode };
}
