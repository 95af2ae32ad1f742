/** Whether this test runs in a tier that does without some programs; `vitest.config.ts` says which. */
export function isQuickTier(): boolean {
  return process.env['IDENTITY_QUICK_TIER'] === '1';
}
