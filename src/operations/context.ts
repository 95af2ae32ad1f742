import type { EngineContext } from '../engine/context.ts';
import type { ReleaseContext } from '../release/context.ts';

/** What operations are made of: one flat object, which the composition root makes. */
export interface OperationContext extends EngineContext, ReleaseContext {
  /** Which scope the home was resolved for, for the protocol's reports. */
  readonly scope: string;
}
