import type { EngineContext } from '../engine/context.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import type { StoreContext } from '../release/context.ts';

/** What reads and judges a home: it cannot write, by type. */
export interface InspectionContext extends Omit<EngineContext, 'fs'>, StoreContext {
  readonly fs: ReadFileSystem;
}
