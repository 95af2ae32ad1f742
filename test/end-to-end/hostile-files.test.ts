import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWaiting } from '../support/hostile-waiting.ts';
import { installedScene } from '../support/scene.ts';
import { run, runIn } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const asRoot = { skip: process.getuid?.() !== 0 };

describe('a file of an instance', () => {
  it('that is hard-linked is replaced and not written through, and a warning names it', () => {
    const { instance, directory, home, install } = openWaiting();
    const other = join(directory, 'other');
    linkSync(join(instance, 'IDENTITY_PROMPT.md'), other);
    const old = readFileSync(other, 'utf8');
    const ran = install();
    expect(ran.status, ran.stderr).toBe(0);
    expect(ran.stdout + ran.stderr).toMatch(/IDENTITY_PROMPT\.md.*\n?.*hard-linked: 1 other name/);
    expect(readFileSync(other, 'utf8')).toBe(old);
    expect(readFileSync(join(instance, 'IDENTITY_PROMPT.md'), 'utf8')).toBe('two\n');
    expect(run('identity-rollback', 'last', '--home', home).status).toBe(0);
    expect(readFileSync(other, 'utf8')).toBe(old);
  });

  it('that is hard-linked is named in the evidence, also by a rollback', () => {
    const { instance, directory, state, run, install } = openWaiting();
    const prompt = join(instance, 'IDENTITY_PROMPT.md');
    const warned = () => {
      const lines = readFileSync(join(state, 'ledger.jsonl'), 'utf8').trimEnd().split('\n');
      const { ref } = JSON.parse(lines.at(-1) ?? '') as { ref: string };
      const evidence = readFileSync(join(state, 'evidence', `${ref}.json`), 'utf8');
      const { warnings } = JSON.parse(evidence) as { warnings: { code: string; path: string }[] };
      return warnings.map(({ code, path }) => [code, path]);
    };
    linkSync(prompt, join(directory, 'old'));
    expect(install().status).toBe(0);
    expect(warned()).toEqual([['OTHER_NAMES_KEPT', prompt]]);
    linkSync(prompt, join(directory, 'new'));
    const undone = run('identity-rollback', 'last');
    expect(undone.status).toBe(0);
    expect(undone.stdout + undone.stderr).toMatch(/IDENTITY_PROMPT\.md.*\n?.*hard-linked/);
    expect(warned()).toEqual([['OTHER_NAMES_KEPT', prompt]]);
    expect(readFileSync(join(directory, 'new'), 'utf8')).toBe('two\n');
    expect(run('identity-rollback', 'last').status).toBe(0);
    expect(warned()).toEqual([]);
  });

  it(
    'that is read-only in a directory that is too is replaced where that is allowed, else not',
    asRoot,
    () => {
      const { instance, directory, home } = openWaiting();
      execFileSync('chown', ['-R', '54321:54321', directory]);
      chmodSync(directory, 0o755);
      const person = { directory: join(directory, 'person'), uid: 54321 };
      const install = () =>
        runIn(person, 'identity-install', ...['helper', '--replace', '--backup', '--home', home]);
      const before = treeOf(instance);
      chmodSync(instance, 0o555);
      const refused = install();
      expect(refused.status).toBe(3);
      expect(refused.stderr).toMatch(/E_HOME_READ_ONLY.*instances\/helper/s);
      chmodSync(instance, 0o755);
      expect(treeOf(instance)).toEqual(before);
      chmodSync(join(instance, 'IDENTITY_PROMPT.md'), 0o444);
      const replaced = install();
      expect(replaced.status, replaced.stderr).toBe(0);
      expect(readFileSync(join(instance, 'IDENTITY_PROMPT.md'), 'utf8')).toBe('two\n');
      expect(statSync(join(instance, 'IDENTITY_PROMPT.md')).mode & 0o777).toBe(0o444);
    },
  );

  it('of another user is replaced by root, and stays that user’s where it is kept', asRoot, () => {
    const { instance, install } = openWaiting();
    writeFileSync(join(instance, 'mine.md'), 'mine\n');
    chownSync(join(instance, 'mine.md'), 54321, 54321);
    chownSync(join(instance, 'IDENTITY_PROMPT.md'), 54321, 54321);
    expect(install().status).toBe(0);
    expect(statSync(join(instance, 'mine.md')).uid).toBe(54321);
    expect(readFileSync(join(instance, 'IDENTITY_PROMPT.md'), 'utf8')).toBe('two\n');
  });

  it('that is immutable stops the run, which undoes everything else', asRoot, (context) => {
    const { instance, home, install } = openWaiting();
    const file = join(instance, 'IDENTITY_PROMPT.md');
    if (spawnSync('chattr', ['+i', file]).status !== 0) {
      context.skip('this file system or container knows no immutable files');
    }
    onTestFinished(() => void spawnSync('chattr', ['-i', file]));
    const before = treeOf(instance);
    const ran = install();
    expect(ran.status).toBe(3);
    expect(ran.stderr).toMatch(/E_HOME_READ_ONLY.*IDENTITY_PROMPT\.md/s);
    expect(ran.stderr).not.toContain('/proc/');
    expect(treeOf(instance)).toEqual(before);
    expect(run('identity', 'verify', '--home', home).status).toBe(0);
    expect(spawnSync('chattr', ['-i', file]).status).toBe(0);
    expect(install().status).toBe(0);
  });
});

describe('a mount inside an instance', () => {
  const canMount =
    process.getuid?.() === 0 &&
    spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
  const bin = fileURLToPath(new URL('../../bin/identity-install.js', import.meta.url));

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
