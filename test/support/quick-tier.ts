/** Whether a tier does without some programs; `vitest.config.ts` says which. Default: that of this test. */
export function isQuickTier(env: Readonly<Record<string, unknown>> = process.env): boolean {
  return env['IDENTITY_QUICK_TIER'] === '1';
}
