import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { expectRefused, type Refusal } from '../support/hostile-scene.ts';
import { openWaiting } from '../support/hostile-waiting.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const asRoot = { skip: process.getuid?.() !== 0 };

describe('a home', () => {
  const refuses = (
    refusal: Refusal,
    home: string,
    watched: readonly string[],
    person = temporaryDirectory(),
  ) =>
    expectRefused(
      () =>
        runInProcess({ directory: person }, 'identity-install', 'code-reviewer', '--home', home),
      refusal,
      [person, ...watched],
    );

  it('that is the root, or the home directory of the user by any name, is refused', async () => {
    const person = temporaryDirectory();
    const alias = join(temporaryDirectory(), 'alias');
    symlinkSync(person, alias);
    await refuses({ code: 'E_TARGET_PROTECTED', names: 'root' }, '/', []);
    for (const home of [person, '.', `${person}/x/..`, alias]) {
      await refuses({ code: 'E_TARGET_PROTECTED', names: 'home directory' }, home, [], person);
    }
  });

  it('that is a file, below one, a FIFO, or a link to nowhere, is refused', async () => {
    const place = temporaryDirectory({ file: 'mine\n' });
    symlinkSync('nowhere', join(place, 'dangling'));
    symlinkSync('loop', join(place, 'loop'));
    execFileSync('mkfifo', [join(place, 'fifo')]);
    for (const name of ['file', 'file/below', 'fifo', 'dangling', 'dangling/below', 'loop']) {
      await refuses({ code: 'E_HOME_UNSAFE' }, join(place, name), [place]);
    }
  });

  it('that is a protocol repository, or lies in its identity tree, is refused', async () => {
    const place = temporaryDirectory({
      'identity/catalog/identities.yaml': 'identities: []\n',
      'identity/protocol/IDENTITY_RUNTIME.md': 'law\n',
    });
    for (const name of ['', 'identity', 'identity/packs', 'identity/new/deep']) {
      await refuses({ code: 'E_TARGET_PROTECTED', names: 'protocol' }, join(place, name), [place]);
    }
  });

  it('of another user is refused, and so is a new one inside of it', asRoot, async () => {
    const place = temporaryDirectory({ home: null });
    chownSync(join(place, 'home'), 54321, 54321);
    await refuses({ code: 'E_HOME_FOREIGN', names: '54321' }, join(place, 'home'), [place]);
    await refuses({ code: 'E_HOME_FOREIGN', names: '54321' }, join(place, 'home/new'), [place]);
  });

  it.each(['a link', 'a file'])('whose state directory is %s is refused', async (what) => {
    const { home, state, directory, refuses: refusesHere } = await openWaiting();
    renameSync(state, join(directory, 'elsewhere'));
    if (what === 'a link') symlinkSync(join(directory, 'elsewhere'), state);
    else writeFileSync(state, 'x');
    await refusesHere({ code: 'E_HOME_UNSAFE', names: join(home, '.identity-install') });
  });
});

describe('a source and its target', () => {
  it('that are the same, or lie in each other, are refused', async () => {
    const { instance, home, directory, run } = await openWaiting();
    const inside = join(instance, 'inner');
    mkdirSync(inside);
    writeFileSync(join(inside, 'META.yaml'), 'id: helper\n');
    for (const from of [instance, inside, join(instance, '.', 'inner')]) {
      const act = () => run('identity-install', '--from', from);
      await expectRefused(act, { code: 'E_TARGET_PROTECTED', names: instance }, [home]);
    }
    writeFileSync(join(directory, 'META.yaml'), 'id: helper\n');
    const around = () => run('identity-install', '--from', directory);
    await expectRefused(around, { code: 'E_TARGET_PROTECTED', names: home }, [home]);
  });
});
