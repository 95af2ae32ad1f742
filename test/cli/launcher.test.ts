import { expect, test } from 'vitest';
import { launcherOf } from '../../src/cli/launcher.ts';
import type { LaunchFacts } from '../../src/platform/launch.ts';

const facts: LaunchFacts = {
  startedByNpx: false,
  packageDirectory: '/opt/lib/node_modules/identity-install',
  node: '/usr/bin/node',
  onPath: () => undefined,
};

test.each<[string, Partial<LaunchFacts>, string]>([
  [
    'fetched by npx: npx fetches the same version again',
    {
      startedByNpx: true,
      packageDirectory: '/home/ada/.npm/_npx/1a2b/node_modules/identity-install',
    },
    'npx --package=identity-install@1.2.3 identity-rollback',
  ],
  [
    'npx in a checkout: this very file, so that it works from anywhere',
    { startedByNpx: true, packageDirectory: '/home/ada/src' },
    '/usr/bin/node /home/ada/src/bin/identity-rollback.js',
  ],
  [
    'installed, and on PATH: the bare name',
    { onPath: (program) => `/opt/lib/node_modules/identity-install/bin/${program}.js` },
    'identity-rollback',
  ],
  [
    'another package of that name on PATH: this very file',
    { onPath: () => '/somewhere/else/identity-rollback.js' },
    '/usr/bin/node /opt/lib/node_modules/identity-install/bin/identity-rollback.js',
  ],
  [
    'a path with a space is quoted',
    { packageDirectory: '/home/ada/my tools' },
    "/usr/bin/node '/home/ada/my tools/bin/identity-rollback.js'",
  ],
])('%s', (_name, given, expected) => {
  expect(launcherOf({ ...facts, ...given }, '1.2.3')('identity-rollback')).toBe(expected);
});
