import type { OperationContext } from '../../operations/context.ts';
import type { Timer } from '../../platform/timer.ts';
import type { Watcher } from '../../platform/watcher.ts';
import type { DiscoveryContext } from '../../protocol/discovery/list-identities.ts';

/** What the server works with; created once by the composition root. */
export interface McpServices {
  /**
   * The context of the home that is served. Each call works on a copy with its own progress and
   * signal.
   */
  readonly context: OperationContext;
  /** Where identities are searched; the home is one of its roots. */
  readonly discovery: DiscoveryContext;
  /** Reports that identities or their files have changed. */
  readonly watcher: Watcher;
  readonly timer: Timer;
  /** Whether tools may change instances. */
  readonly allowWrite: boolean;
  readonly version: string;
}
