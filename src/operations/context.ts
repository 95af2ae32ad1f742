import type { EngineContext } from '../engine/context.ts';
import type { ReleaseContext } from '../release/context.ts';

/** What operations need: one flat object, created by the composition root. */
export interface OperationContext extends EngineContext, ReleaseContext {
  /** The scope that the home was resolved for, for the protocol's reports. */
  readonly scope: string;
}
