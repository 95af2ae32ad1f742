import { sameState } from '../../core/entry.ts';
import type { ConflictKind, KeepAction } from '../../planning/plan.ts';

/**
 * Why a file was kept, in words for people.
 *
 * @param release name of the release that was installed from
 */
export function keepReason(action: KeepAction, release: string): string {
  const shipped = action.incoming.kind === 'file';
  switch (action.reason) {
    case 'unchanged':
      return `the same in ${release}`;
    case 'modified-locally':
      if (!shipped) return `changed here; ${release} no longer ships it`;
      return sameState(action.base, action.incoming)
        ? `changed here; ${release} did not change it`
        : `changed here, and in ${release} too`;
    case 'deleted-locally':
      return 'deleted here, so it stays deleted';
    case 'upgrade-available':
      return `not changed here; ${release} has another version`;
    case 'removed-upstream':
      return `not changed here; ${release} no longer ships it`;
    case 'no-base':
      return `was here before, and differs from ${release}`;
    case 'state':
      return 'written by the agent';
    case 'local-only':
      return shipped
        ? 'yours, because of --keep or the pack'
        : `yours; ${release} does not ship it`;
    case 'conflict':
      return conflictReason(action.conflict, action.local.kind, release);
  }
}

function conflictReason(
  kind: ConflictKind | undefined,
  local: KeepAction['local']['kind'],
  release: string,
): string {
  switch (kind) {
    case 'deleted-here':
      return `deleted here, changed in ${release}`;
    case 'other-kind':
      return `a ${local === 'special' ? 'special file' : local} here, a file in ${release}`;
    case 'blocked-parent':
      return `a file or link here, a directory in ${release}`;
    case 'both-changed':
    case undefined:
      return `changed here and in ${release}`;
  }
}
