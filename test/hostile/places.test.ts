import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { expectPlainText, expectRefused } from '../support/hostile-scene.ts';
import { openWaiting } from '../support/hostile-waiting.ts';
import { jsonOf } from '../support/program.ts';
import { treeOf } from '../support/tree.ts';

const asRoot = { skip: process.getuid?.() !== 0 };

/** A character device that reads as zeros without end. */
function makeDevice(context: TestContext, path: string): void {
  if (spawnSync('mknod', ['-m', '644', path, 'c', '1', '5']).status === 0) return;
  context.skip('no device node can be made here');
}

describe('an instance', () => {
  it.each(['a link', 'a dangling link', 'a link to a file', 'a file', 'a FIFO'])(
    'that is %s is refused',
    async (what) => {
      const { instance, directory, refuses } = await openWaiting();
      const moved = join(directory, 'elsewhere');
      renameSync(instance, moved);
      if (what === 'a link') symlinkSync(moved, instance);
      else if (what === 'a dangling link') symlinkSync('nowhere', instance);
      else if (what === 'a link to a file') symlinkSync(join(moved, 'META.yaml'), instance);
      else if (what === 'a file') writeFileSync(instance, 'mine\n');
      else execFileSync('mkfifo', [instance]);
      await refuses({ code: 'E_INSTANCE_UNSAFE', names: instance });
    },
  );

  it('below a directory that is a link is refused', async () => {
    const { home, directory, refuses } = await openWaiting();
    renameSync(join(home, 'instances'), join(directory, 'elsewhere'));
    symlinkSync(join(directory, 'elsewhere'), join(home, 'instances'));
    await refuses({ code: 'E_INSTANCE_UNSAFE', names: join(home, 'instances') });
  });

  it('with a link in it never leads a write through that link', async () => {
    const { instance, directory, install } = await openWaiting();
    const victim = join(directory, 'victim');
    mkdirSync(victim);
    writeFileSync(join(victim, 'file'), 'mine\n');
    rmSync(join(instance, 'IDENTITY_PROMPT.md'));
    symlinkSync(join(victim, 'file'), join(instance, 'IDENTITY_PROMPT.md'));
    symlinkSync(join(victim, 'new'), join(instance, 'new.md'));
    symlinkSync(victim, join(instance, 'runtime'));
    const before = treeOf(victim);
    const ran = await install();
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain('IDENTITY_PROMPT.md');
    expectPlainText(ran);
    expect(treeOf(victim)).toEqual(before);
    expect(treeOf(instance)).toMatchObject({
      'IDENTITY_PROMPT.md': `l ${join(victim, 'file')}`,
      'new.md': `l ${join(victim, 'new')}`,
      runtime: `l ${victim}`,
    });
  });

  it('that is a device node is refused, and nothing is read from it', asRoot, async (context) => {
    const { instance, directory, refuses } = await openWaiting();
    renameSync(instance, join(directory, 'elsewhere'));
    makeDevice(context, instance);
    await refuses({ code: 'E_INSTANCE_UNSAFE', names: instance });
  });

  it(
    'with device nodes in it is worked on around them, and none is read',
    asRoot,
    async (context) => {
      const { instance, install, run } = await openWaiting();
      const prompt = join(instance, 'IDENTITY_PROMPT.md');
      rmSync(prompt);
      // Whoever reads it never comes to an end.
      makeDevice(context, prompt);
      makeDevice(context, join(instance, 'zero'));
      const ran = await install();
      expect(ran.status).toBe(1);
      expect(ran.stdout).toContain('IDENTITY_PROMPT.md');
      expect(treeOf(instance)).toMatchObject({
        'IDENTITY_PROMPT.md': 'special 644',
        zero: 'special 644',
        'new.md': expect.stringMatching(/^f /),
      });
      expect((await run('identity-rollback', 'last')).status).toBe(0);
      expect(treeOf(instance)).toMatchObject({
        'IDENTITY_PROMPT.md': 'special 644',
        zero: 'special 644',
      });
    },
  );

  it('with a FIFO and a socket in it is worked on around them, and nothing waits', async () => {
    const { instance, install } = await openWaiting();
    rmSync(join(instance, 'IDENTITY_PROMPT.md'));
    execFileSync('mkfifo', [join(instance, 'IDENTITY_PROMPT.md'), join(instance, 'pipe')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(instance, 'socket'), resolve));
    const ran = await install();
    expect(ran.status).toBe(1);
    const tree = treeOf(instance);
    await new Promise((resolve) => server.close(resolve));
    expect([tree['IDENTITY_PROMPT.md'], tree['pipe'], tree['socket']?.slice(0, 7)]).toEqual([
      'special 644',
      'special 644',
      'special',
    ]);
    expect(readFileSync(join(instance, 'new.md'), 'utf8')).toBe('new\n');
  });

  it('with names that a terminal obeys shows them escaped', async () => {
    const { instance, install } = await openWaiting();
    writeFileSync(join(instance, 'a\u001b]0;x\u0007\u202e\n.md'), 'mine\n');
    for (const more of [['--plan', '--verbose'], ['--json', '--plan'], ['--verbose']]) {
      const ran = await install(...more);
      expect([ran.status, ran.stdout.includes('.md')]).toEqual([0, true]);
      expectPlainText(ran);
    }
  });

  it('with a name that is not UTF-8 is refused, by every command, naming it', async () => {
    const { instance, home, refuses, run } = await openWaiting();
    for (const name of [[0x61, 0xff], [0xfe]]) {
      writeFileSync(Buffer.concat([Buffer.from(`${instance}/`), Buffer.from(name)]), 'mine');
    }
    const refusal = {
      code: 'E_INSTANCE_UNREADABLE',
      names: ['a\\xff', '\\xfe', 'Rename'],
    } as const;
    await refuses(refusal);
    await expectRefused(() => run('identity-rollback', 'last', '--plan'), refusal, [home]);
    const all = jsonOf(await run('identity', 'verify', '--all', '--json')) as object;
    expect(all).toMatchObject({ problems: [{ code: 'INSTANCE_UNREADABLE', path: instance }] });
  });

  it('in two places is refused, and so is one that the local catalog puts outside', async () => {
    const { home, instance, refuses } = await openWaiting();
    const legacy = join(home, 'helper');
    mkdirSync(legacy);
    writeFileSync(join(legacy, 'IDENTITY_PROMPT.md'), 'old\n');
    await refuses({ code: 'E_INSTANCE_AMBIGUOUS', names: [instance, legacy] });
    for (const path of ['../../victim', '.', '.identity-install/record', home, dirname(home)]) {
      const catalog = `identities: [{id: helper, pack_path: ${JSON.stringify(path)}}]\n`;
      writeFileSync(join(home, 'catalog.local.yaml'), catalog);
      await refuses({ code: 'E_INSTANCE_UNSAFE', names: 'pack_path' });
    }
  });
});
