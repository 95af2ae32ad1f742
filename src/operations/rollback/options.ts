import type { RollbackRequest } from './request.ts';

/** The meaning of each member of a rollback request, in the words that every surface uses. */
export const rollbackOptionTexts = {
  paths: 'only this file of the instance',
  planDigest: 'apply exactly the plan with this digest, or nothing',
} as const satisfies Partial<Record<keyof RollbackRequest, string>>;
