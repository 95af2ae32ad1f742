import type { EngineContext } from '../engine/context.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import type { StoreContext } from '../release/context.ts';

/** The context of code that reads and checks a home; its type cannot write. */
export interface InspectionContext extends Omit<EngineContext, 'fs'>, StoreContext {
  readonly fs: ReadFileSystem;
}
