import type { VerifyRequest } from './verify.ts';

/** The meaning of each member of a verification request, in the words that every surface uses. */
export const verifyOptionTexts = {
  expectHead: 'a head of the ledger that was noted earlier, which has to be in it',
} as const satisfies Partial<Record<keyof VerifyRequest, string>>;
