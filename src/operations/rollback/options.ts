import type { RollbackRequest } from './request.ts';

/** What each member of a rollback request means, as every surface that offers it says it. */
export const rollbackOptionTexts = {
  paths: 'only this file of the instance',
  planDigest: 'apply exactly the plan with this digest, or nothing',
} as const satisfies Partial<Record<keyof RollbackRequest, string>>;
