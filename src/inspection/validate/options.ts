import type { ValidateRequest } from './packs-to-validate.ts';

/** The meaning of each member of a validation request, in the words that every surface uses. */
export const validateOptionTexts = {
  contracts: 'only this contract; default: all',
  root: 'root of a protocol repository',
  now: 'the time at which freshness is checked, in ISO 8601: 2026-02-22T12:00:00Z',
} as const satisfies Partial<Record<keyof ValidateRequest, string>>;
