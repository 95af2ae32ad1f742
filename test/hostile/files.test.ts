import { spawnSync } from 'node:child_process';
import { chownSync, linkSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWaiting } from '../support/hostile-waiting.ts';
import { treeOf } from '../support/tree.ts';

const asRoot = { skip: process.getuid?.() !== 0 };

describe('a file of an instance', () => {
  it('that is hard-linked is replaced and not written through, and a warning names it', async () => {
    const { instance, directory, run, install } = await openWaiting();
    const other = join(directory, 'other');
    linkSync(join(instance, 'IDENTITY_PROMPT.md'), other);
    const old = readFileSync(other, 'utf8');
    const ran = await install();
    expect(ran.status, ran.stderr).toBe(0);
    expect(ran.stdout + ran.stderr).toMatch(/IDENTITY_PROMPT\.md.*\n?.*hard-linked: 1 other name/);
    expect(readFileSync(other, 'utf8')).toBe(old);
    expect(readFileSync(join(instance, 'IDENTITY_PROMPT.md'), 'utf8')).toBe('two\n');
    expect((await run('identity-rollback', 'last')).status).toBe(0);
    expect(readFileSync(other, 'utf8')).toBe(old);
  });

  it('that is hard-linked is named in the evidence, also by a rollback', async () => {
    const { instance, directory, state, run, install } = await openWaiting();
    const prompt = join(instance, 'IDENTITY_PROMPT.md');
    const warned = () => {
      const lines = readFileSync(join(state, 'ledger.jsonl'), 'utf8').trimEnd().split('\n');
      const { ref } = JSON.parse(lines.at(-1) ?? '') as { ref: string };
      const evidence = readFileSync(join(state, 'evidence', `${ref}.json`), 'utf8');
      const { warnings } = JSON.parse(evidence) as { warnings: { code: string; path: string }[] };
      return warnings.map(({ code, path }) => [code, path]);
    };
    linkSync(prompt, join(directory, 'old'));
    expect((await install()).status).toBe(0);
    expect(warned()).toEqual([['OTHER_NAMES_KEPT', prompt]]);
    linkSync(prompt, join(directory, 'new'));
    const undone = await run('identity-rollback', 'last');
    expect(undone.status).toBe(0);
    expect(undone.stdout + undone.stderr).toMatch(/IDENTITY_PROMPT\.md.*\n?.*hard-linked/);
    expect(warned()).toEqual([['OTHER_NAMES_KEPT', prompt]]);
    expect(readFileSync(join(directory, 'new'), 'utf8')).toBe('two\n');
    expect((await run('identity-rollback', 'last')).status).toBe(0);
    expect(warned()).toEqual([]);
  });

  it(
    'of another user is replaced by root, and stays that user’s where it is kept',
    asRoot,
    async () => {
      const { instance, install } = await openWaiting();
      writeFileSync(join(instance, 'mine.md'), 'mine\n');
      chownSync(join(instance, 'mine.md'), 54321, 54321);
      chownSync(join(instance, 'IDENTITY_PROMPT.md'), 54321, 54321);
      expect((await install()).status).toBe(0);
      expect(statSync(join(instance, 'mine.md')).uid).toBe(54321);
      expect(readFileSync(join(instance, 'IDENTITY_PROMPT.md'), 'utf8')).toBe('two\n');
    },
  );

  it('that is immutable stops the run, which undoes everything else', asRoot, async (context) => {
    const { instance, run, install } = await openWaiting();
    const file = join(instance, 'IDENTITY_PROMPT.md');
    if (spawnSync('chattr', ['+i', file]).status !== 0) {
      context.skip('this file system or container knows no immutable files');
    }
    onTestFinished(() => void spawnSync('chattr', ['-i', file]));
    const before = treeOf(instance);
    const ran = await install();
    expect(ran.status).toBe(3);
    expect(ran.stderr).toMatch(/E_HOME_READ_ONLY.*IDENTITY_PROMPT\.md/s);
    expect(ran.stderr).not.toContain('/proc/');
    expect(treeOf(instance)).toEqual(before);
    expect((await run('identity', 'verify')).status).toBe(0);
    expect(spawnSync('chattr', ['-i', file]).status).toBe(0);
    expect((await install()).status).toBe(0);
  });
});
