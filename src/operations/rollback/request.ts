import type { PackPath } from '../../core/path.ts';

export interface RollbackRequest {
  /** `<ref>` or a unique prefix, `last`, `<id>@last`, or a run id. */
  readonly ref: string;
  /** Undo every later operation on the identity first, newest first. */
  readonly through: boolean;
  /** Only these paths of the instance. */
  readonly paths: readonly PackPath[];
  readonly stopAfter?: 'plan';
  readonly planDigest?: string;
}
