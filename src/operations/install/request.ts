import type { PackLimits } from '../../release/limits.ts';
import type { Mode } from '../../planning/plan.ts';

/**
 * A request for an install; every member corresponds to one option of the command line, so that a
 * command line that asks for the same can be printed.
 */
export interface InstallWish {
  /** Empty: the default identity, the only one, or `choose`. */
  readonly ids: readonly string[];
  readonly all: boolean;
  readonly from?: string;
  readonly release?: string;
  readonly mode: Mode;
  readonly backup: boolean;
  readonly prune: boolean;
  readonly includeState: boolean;
  readonly keep: readonly string[];
  readonly restoreDeleted: boolean;
  /** Stop after the plan. `plan` and `dry-run` leave a protocol report of that name. */
  readonly stopAfter?: 'plan' | 'dry-run' | 'check';
  readonly diff: boolean;
  readonly planDigest?: string;
  readonly frozen: boolean;
  readonly offline: boolean;
  readonly register: boolean;
  readonly activate: boolean;
  readonly allowDowngrade: boolean;
  readonly acceptMovedTag: boolean;
  readonly allowHttp: boolean;
  readonly requireValid: boolean;
  /** Hidden text in a pack is an error. */
  readonly strict: boolean;
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<PackLimits>;
  /** Milliseconds without an answer after which a source is given up. */
  readonly idleMs?: number;
}

/** A wish, and how to ask the user about what it leaves open. */
export interface InstallRequest extends InstallWish {
  /** Asks the user at a terminal; absent without a terminal. */
  readonly choose?: (ids: readonly IdentityChoice[]) => Promise<string | undefined>;
}

export interface IdentityChoice {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}
