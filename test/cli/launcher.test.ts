import { expect, it } from 'vitest';
import { launcherOf } from '../../src/cli/launcher.ts';
import type { LaunchFacts } from '../../src/platform/launch.ts';

const installed: LaunchFacts = {
  startedByNpx: false,
  packageDirectory: '/lib/identity-install',
  workingDirectory: '/home/ada',
  node: '/usr/bin/node',
  onPath: (program) => `/lib/identity-install/bin/${program}.js`,
};
const cached = '/home/ada/.npm/_npx/1a2b/node_modules/identity-install';

const cases: [name: string, facts: Partial<LaunchFacts>, command: string][] = [
  ['on PATH', {}, 'identity-rollback'],
  [
    'fetched by npx',
    { startedByNpx: true, packageDirectory: cached },
    'npx --package=identity-install@1.2.3 identity-rollback',
  ],
  [
    'npx in the package itself',
    { startedByNpx: true, workingDirectory: '/lib/identity-install' },
    'npx identity-rollback',
  ],
  [
    'not on PATH',
    { onPath: () => undefined },
    '/usr/bin/node /lib/identity-install/bin/identity-rollback.js',
  ],
  [
    'another one on PATH',
    { onPath: () => '/usr/lib/other/bin/identity-rollback.js', packageDirectory: '/a b' },
    "/usr/bin/node '/a b/bin/identity-rollback.js'",
  ],
];
it.each(cases)('prints a command that starts where it is printed: %s', (_name, facts, command) => {
  const launcher = launcherOf({ ...installed, ...facts }, '1.2.3');
  expect(launcher('identity-rollback')).toBe(command);
});
