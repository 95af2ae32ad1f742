import { sameState, type EntryState } from '../core/entry.ts';
import type { FileClass } from '../instance/classes.ts';
import type { ConflictKind, KeepReason, Mode } from './plan.ts';

export interface ThreeWayOptions {
  readonly mode: Mode;
  /** Bring back files deleted since they were installed. */
  readonly restoreDeleted: boolean;
  /** Remove files that the release dropped, in replace mode. */
  readonly prune: boolean;
  /** Let replace mode replace state files too. */
  readonly includeState: boolean;
}

/** The three sides of one path, and its class. */
export interface ThreeWay {
  readonly base: EntryState;
  readonly local: EntryState;
  readonly incoming: EntryState;
  readonly class: FileClass;
  /**
   * For a directory where the release has a file, or a file where it has a directory: everything
   * that would have to be removed is recorded and unchanged.
   */
  readonly wayIsClear: boolean;
  /** A file, link or special file of the instance is at a parent of this path. */
  readonly parentBlocked: boolean;
}

export type Decision =
  | { readonly kind: 'add' | 'update' | 'replace' | 'remove' }
  | { readonly kind: 'keep'; readonly reason: KeepReason; readonly conflict?: ConflictKind }
  /** Nothing on any side that an action could speak of. */
  | { readonly kind: 'none' };

/**
 * What happens to one path: a pure function of base, local, incoming, class and mode. The table in
 * docs/architecture.md#the-three-way-table lists every case.
 */
export function decide(way: ThreeWay, options: ThreeWayOptions): Decision {
  return way.incoming.kind === 'file' ? decideShipped(way, options) : decideUnshipped(way, options);
}

function decideShipped(way: ThreeWay, options: ThreeWayOptions): Decision {
  const { base, local, incoming } = way;
  if (way.parentBlocked) return decideObstructed(way, options, 'blocked-parent');
  if (local.kind === 'absent') return decideDeleted(way, options);
  if (local.kind !== 'file') return decideObstructed(way, options, 'other-kind');
  if (sameState(local, incoming)) return keep('unchanged');
  if (way.class === 'local') return keep('local-only');
  if (way.class === 'state') return decideState(way, options);

  if (options.mode === 'replace') {
    return { kind: sameState(local, base) ? 'update' : 'replace' };
  }
  if (base.kind === 'absent') return keep('no-base');
  if (sameState(local, base)) {
    return options.mode === 'merge' ? { kind: 'update' } : keep('upgrade-available');
  }
  const bothChanged = !sameState(base, incoming);
  return options.mode === 'merge' && bothChanged
    ? conflict('both-changed')
    : keep('modified-locally');
}

/**
 * A file that the agent writes: merge updates it as long as nobody has written to it; otherwise it
 * is kept.
 */
function decideState(way: ThreeWay, options: ThreeWayOptions): Decision {
  const untouched = sameState(way.local, way.base);
  if (options.mode === 'replace' && options.includeState) {
    return { kind: untouched ? 'update' : 'replace' };
  }
  if (!untouched || options.mode === 'replace') return keep('state');
  return options.mode === 'merge' ? { kind: 'update' } : keep('upgrade-available');
}

/** Missing here, shipped by the release: new, or deleted since it was installed. */
function decideDeleted(way: ThreeWay, options: ThreeWayOptions): Decision {
  if (way.base.kind === 'absent' || options.restoreDeleted) return { kind: 'add' };
  if (way.class === 'local') return keep('deleted-locally');
  if (options.mode === 'replace') {
    return way.class === 'state' && !options.includeState
      ? keep('deleted-locally')
      : { kind: 'add' };
  }
  return options.mode === 'merge' && !sameState(way.base, way.incoming)
    ? conflict('deleted-here')
    : keep('deleted-locally');
}

/**
 * Something other than a file is in the way; it is removed only if nothing in it belongs to the
 * user.
 */
function decideObstructed(way: ThreeWay, options: ThreeWayOptions, kind: ConflictKind): Decision {
  return options.mode === 'replace' && way.wayIsClear && way.class === 'shipped'
    ? { kind: 'add' }
    : conflict(kind);
}

function decideUnshipped(way: ThreeWay, options: ThreeWayOptions): Decision {
  const { base, local } = way;
  if (local.kind === 'absent' || local.kind === 'directory') return { kind: 'none' };
  if (base.kind === 'absent' || local.kind !== 'file') return keep('local-only');
  if (!sameState(local, base)) return keep('modified-locally');
  if (way.class !== 'shipped') return keep(way.class === 'state' ? 'state' : 'local-only');
  const removes = options.mode === 'merge' || (options.mode === 'replace' && options.prune);
  return removes ? { kind: 'remove' } : keep('removed-upstream');
}

function keep(reason: KeepReason): Decision {
  return { kind: 'keep', reason };
}

function conflict(kind: ConflictKind): Decision {
  return { kind: 'keep', reason: 'conflict', conflict: kind };
}
