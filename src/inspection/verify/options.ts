import type { VerifyRequest } from './verify.ts';

/** What each member of a verification means, as every surface that offers it says it. */
export const verifyOptionTexts = {
  expectHead: 'a head of the ledger that was noted earlier, which has to be in it',
} as const satisfies Partial<Record<keyof VerifyRequest, string>>;
