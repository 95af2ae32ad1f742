import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { programFile, run } from '../support/program.ts';
import { installedScene } from '../support/scene.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('a mount inside an instance', () => {
  const canMount =
    process.getuid?.() === 0 &&
    spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
  const bin = programFile('identity-install');

  // The mount is gone with the namespace that it is made in, whatever happens.
  it.skipIf(!canMount).each([
    ['holds other files', 'mount -t tmpfs none "$1"'],
    ['holds the same files', 'mount -t tmpfs none "$1" && echo 1 > "$1/x" && chmod 644 "$1/x"'],
  ])('that %s is an error that names the path, and everything is undone', async (_what, mount) => {
    const scene = await installedScene({ a: '1\n', 'd/x': '1\n' }, { a: '2\n', 'd/x': '2\n' });
    const { home, from, path } = scene;
    const before = scene.tree();
    const person = temporaryDirectory();
    const script = `${mount} && shift && exec "$@"`;
    const install = ['helper', '--from', from, '--home', home, '--replace', '--backup'];
    const ran = spawnSync(
      'unshare',
      ['-m', 'sh', '-c', script, 'sh', path('d'), process.execPath, bin, ...install],
      { encoding: 'utf8', cwd: person, env: { PATH: process.env['PATH'], HOME: person } },
    );
    expect(ran.stderr).toMatch(/^error\[E_FS_NO_EXCHANGE\]/);
    expect(ran.stderr).toContain(path('d'));
    expect(ran.status).toBe(3);
    expect(scene.tree()).toEqual(before);
    expect(run('identity', 'verify', '--home', home).status).toBe(0);
  });
});
