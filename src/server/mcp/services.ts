import type { OperationContext } from '../../operations/context.ts';
import type { Timer } from '../../platform/timer.ts';
import type { Watcher } from '../../platform/watcher.ts';
import type { DiscoveryContext } from '../../protocol/discovery/list-identities.ts';

/** What the server works with; the composition root makes it, once. */
export interface McpServices {
  /** Of the home that is served. Each call works on a copy with its own progress and signal. */
  readonly context: OperationContext;
  /** Where identities are looked for; the home is one of its roots. */
  readonly discovery: DiscoveryContext;
  /** What tells that other identities are there, or other files of them. */
  readonly watcher: Watcher;
  readonly timer: Timer;
  /** Whether tools may change instances. */
  readonly allowWrite: boolean;
  readonly version: string;
}
