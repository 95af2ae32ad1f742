import { expect, test } from 'vitest';
import { launcherOf } from '../../src/cli/launcher.ts';
import type { LaunchFacts } from '../../src/platform/launch.ts';

const facts: LaunchFacts = {
  npxTarball: undefined,
  packageDirectory: '/opt/lib/node_modules/identity-install',
  node: '/usr/bin/node',
  onPath: () => undefined,
};
const inCache = '/home/ada/.npm/_npx/1a2b/node_modules/identity-install';

test.each<[string, Partial<LaunchFacts>, string]>([
  [
    'npx was given a tarball: the same one again',
    { npxTarball: '/home/ada/identity-install-1.2.3.tgz', packageDirectory: inCache },
    'npx --yes --package=/home/ada/identity-install-1.2.3.tgz identity-rollback',
  ],
  [
    'a path with a space is quoted for npx, too',
    { npxTarball: "/home/ada/ada's tools/x.tgz", packageDirectory: inCache },
    "npx --yes '--package=/home/ada/ada'\\''s tools/x.tgz' identity-rollback",
  ],
  [
    'npx was given a name or an address: this very file, and nothing that is looked up again',
    { packageDirectory: inCache },
    `/usr/bin/node ${inCache}/bin/identity-rollback.js`,
  ],
  [
    'in a checkout: this very file, so that it works from anywhere',
    { packageDirectory: '/home/ada/src' },
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
  expect(launcherOf({ ...facts, ...given })('identity-rollback')).toBe(expected);
});
