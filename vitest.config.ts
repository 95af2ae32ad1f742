import { configDefaults, defineConfig } from 'vitest/config';

/** What runs the programs as users do needs `dist/`; nothing else waits for a build. */
const programs = { globalSetup: ['test/support/build.ts'] };

const effort = ['test/**/*.effort.test.ts'];
const smoke = ['test/smoke/**/*.test.ts', 'test/docs/mcp.test.ts', 'test/tooling/sbom.test.ts'];
const endToEnd = ['test/end-to-end/**/*.test.ts'];
const sweepsOfPrograms = ['test/faults/programs/**/*.test.ts'];
const sweeps = ['test/faults/**/*.test.ts'];

/** These do without some of the programs that an install starts (CONTRIBUTING.md#tests). */
const quick = { env: { IDENTITY_QUICK_TIER: '1' } };

/** Of every point, a sweep takes hours; of a sample, minutes. */
const patience = process.env['IDENTITY_SWEEP'] === 'full' ? 4 * 3_600_000 : 900_000;

/** The tiers; package.json and CONTRIBUTING.md say which of them runs when. */
const tiers = [
  {
    name: 'in-process',
    include: ['test/**/*.test.ts'],
    exclude: [...effort, ...smoke, ...endToEnd, ...sweeps],
    // The files share what they import: to load it again for each took as long as their tests.
    isolate: false,
    globalSetup: ['test/support/built-before.ts'],
    ...quick,
  },
  { name: 'effort', include: effort, ...quick },
  { name: 'smoke', include: smoke, ...quick, ...programs },
  { name: 'end-to-end', include: endToEnd, testTimeout: patience, ...programs },
  { name: 'sweeps', include: sweeps, exclude: sweepsOfPrograms, testTimeout: patience },
  { name: 'sweeps-of-programs', include: sweepsOfPrograms, testTimeout: patience, ...programs },
];

export default defineConfig({
  test: {
    // Left alone, one core of two would have nothing to do.
    maxWorkers: '100%',
    globalSetup: ['test/support/temporary-root.ts'],
    // Only for what hangs: no test may need a machine that is quick, or that has nothing else to do.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    projects: tiers.map(({ exclude = [], ...tier }) => ({
      extends: true,
      test: { ...tier, exclude: [...configDefaults.exclude, ...exclude] },
    })),
  },
});
