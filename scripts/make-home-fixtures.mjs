// Makes `fixtures/homes/<version>/`: homes as one packed version of this program leaves them, whole
// and interrupted. fixtures/homes/README.md says what they are for and what is in the folder.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeInterrupted, makeLife, requireRefusal } from './home-fixtures/make.mjs';
import { openPlace } from './home-fixtures/place.mjs';
import { scenarios } from './home-fixtures/scenarios.mjs';

const usage = `node scripts/make-home-fixtures.mjs <identity-install-x.y.z.tgz>
  The tarball is what \`npm pack\` made of that version. On Linux, as root, with cc, git and tar.
`;
const fixtures = fileURLToPath(new URL('../fixtures/homes', import.meta.url));
/** What the host is called in the fixtures; also how a run knows that it is in its own namespace. */
const neutralHost = 'home-fixtures';

const [tarball] = process.argv.slice(2);
if (tarball === undefined || tarball.startsWith('-')) {
  console.error(usage);
  process.exitCode = 2;
} else if (hostname() === neutralHost) makeAll(resolve(tarball));
else process.exitCode = runApart(resolve(tarball));

/**
 * Starts this script again where a mount and a host name are its own: homes record absolute paths
 * and the name of the host, and nothing of this machine may be in them.
 */
function runApart(file) {
  const begin = `hostname ${neutralHost} && mount -t tmpfs none /srv && exec "$@"`;
  const again = [process.execPath, fileURLToPath(import.meta.url), file];
  const { status } = spawnSync(
    'unshare',
    ['--mount', '--uts', '--fork', '--', 'sh', '-c', begin, 'sh', ...again],
    // Without the language, the proxy and the git settings of whoever runs this.
    { stdio: 'inherit', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } },
  );
  return status ?? 1;
}

function makeAll(file) {
  process.umask(0o022);
  const place = openPlace(file);
  const output = join(fixtures, place.version);
  if (existsSync(output)) throw new Error(`${output} exists; fixtures are never made again.`);
  // Whole or not at all.
  const unfinished = `${output}.new`;
  mkdirSync(unfinished, { recursive: true });
  const into = (name) => join(unfinished, name);
  requireRefusal(place);
  const life = makeLife(place);
  place.packKept(into('life.tar.br'));
  const interrupted = scenarios.map((scenario) => {
    const made = makeInterrupted(place, scenario);
    place.packKept(into(`${scenario.name}.tar.br`));
    return made;
  });
  place.packReleases(into('releases.bundle'));
  const document = {
    schema: 'identity-install/home-fixtures@1',
    version: place.version,
    life,
    interrupted,
  };
  writeFileSync(into('homes.json'), `${JSON.stringify(document, null, 1)}\n`);
  renameSync(unfinished, output);
}
