import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useCasesOf } from '../../support/use-cases.ts';
import { createTestDisk } from '../../support/test-disk.ts';
import type { FileSystem } from '../../../src/platform/file-system.ts';
import { systemError } from '../../../src/platform/system-error.ts';
import { filesHolding } from '../../support/hostile-scene.ts';
import { installedScene, replaceAll, textOf } from '../../support/scene.ts';

/** A disk without atomic exchange, on which `act` happens once, right before such a call on `path`. */
function withoutExchange(call: 'rename' | 'link', path: string, act: () => void): FileSystem {
  const disk = createTestDisk();
  let acted = false;
  const first = (name: string, ...paths: readonly string[]): void => {
    if (acted || name !== call || !paths.includes(path)) return;
    acted = true;
    act();
  };
  return {
    ...disk,
    exchange(left) {
      throw systemError('ENOSYS', 'not here', 'exchange', left);
    },
    rename(from, to) {
      first('rename', from, to);
      disk.rename(from, to);
    },
    link(existing, to) {
      first('link', existing, to);
      disk.link(existing, to);
    },
  };
}

describe('without atomic exchange, an editor that renames a new version into place', () => {
  test.each(['rename', 'link'] as const)('right before the %s loses nothing', async (call) => {
    const { run, through, path, home, context } = await installedScene({ a: '1' }, { a: '2' });
    const editor = () => {
      writeFileSync(path('a.tmp'), 'edited');
      renameSync(path('a.tmp'), path('a'));
    };
    const agent = through(withoutExchange(call, path('a'), editor));
    await expect(run(replaceAll, agent)).rejects.toMatchObject({ code: 'E_INSTANCE_CHANGED' });
    expect(textOf(path('a'))).toBe('edited');
    expect(textOf(path('IDENTITY_PROMPT.md'))).toBe('one\n');
    expect(filesHolding(home, 'a.tmp')).toEqual([]);
    expect(await useCasesOf(context).recover()).toEqual([]);
  });

  test('when the file was taken out already: that is kept, and the run says where', async () => {
    const { run, through, path, state } = await installedScene({ a: '1' }, { a: '2' });
    const editor = () => writeFileSync(path('a'), 'edited');
    const agent = through(withoutExchange('link', path('a'), editor));
    const error: unknown = await run(replaceAll, agent).catch((caught: unknown) => caught);
    const [said] = JSON.stringify(error).match(/\d+\.witness\.1/) ?? [];
    const [ref = ''] = JSON.stringify(error).match(/\d{8}-\d{6}-[0-9a-f]{6}/) ?? [];
    expect(said).toBeDefined();
    expect(readdirSync(state('displaced', ref))).toContain(said);
    expect(textOf(join(state('displaced', ref), said ?? ''))).toBe('1');
  });

  test('and a directory put in the place of the file stays', async () => {
    const { run, through, path, context } = await installedScene({ a: '1' }, { a: '2' });
    const agent = through(
      withoutExchange('rename', path('a'), () => {
        rmSync(path('a'));
        mkdirSync(path('a'));
        writeFileSync(path('a/mine'), 'mine');
      }),
    );
    await expect(run(replaceAll, agent)).rejects.toMatchObject({ code: 'E_INSTANCE_CHANGED' });
    expect(textOf(path('a/mine'))).toBe('mine');
    expect(await useCasesOf(context).recover()).toEqual([]);
  });
});
