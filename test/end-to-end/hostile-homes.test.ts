import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { expectRefused, type Refusal } from '../support/hostile-scene.ts';
import { openWaiting } from '../support/hostile-waiting.ts';
import { runIn } from '../support/program.ts';
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
      () => runIn({ directory: person }, 'identity-install', 'code-reviewer', '--home', home),
      refusal,
      [person, ...watched],
    );

  it('that is the root, or the home directory of the user by any name, is refused', () => {
    const person = temporaryDirectory();
    const alias = join(temporaryDirectory(), 'alias');
    symlinkSync(person, alias);
    refuses({ code: 'E_TARGET_PROTECTED', names: 'root' }, '/', []);
    for (const home of [person, '.', `${person}/x/..`, alias]) {
      refuses({ code: 'E_TARGET_PROTECTED', names: 'home directory' }, home, [], person);
    }
  });

  it('that is a file, below one, a FIFO, or a link to nowhere, is refused', () => {
    const place = temporaryDirectory({ file: 'mine\n' });
    symlinkSync('nowhere', join(place, 'dangling'));
    symlinkSync('loop', join(place, 'loop'));
    execFileSync('mkfifo', [join(place, 'fifo')]);
    for (const name of ['file', 'file/below', 'fifo', 'dangling', 'dangling/below', 'loop']) {
      refuses({ code: 'E_HOME_UNSAFE' }, join(place, name), [place]);
    }
  });

  it('that is a protocol repository, or lies in its identity tree, is refused', () => {
    const place = temporaryDirectory({
      'identity/catalog/identities.yaml': 'identities: []\n',
      'identity/protocol/IDENTITY_RUNTIME.md': 'law\n',
    });
    for (const name of ['', 'identity', 'identity/packs', 'identity/new/deep']) {
      refuses({ code: 'E_TARGET_PROTECTED', names: 'protocol' }, join(place, name), [place]);
    }
  });

  it('of another user is refused, and so is a new one inside of it', asRoot, () => {
    const place = temporaryDirectory({ home: null });
    chownSync(join(place, 'home'), 54321, 54321);
    refuses({ code: 'E_HOME_FOREIGN', names: '54321' }, join(place, 'home'), [place]);
    refuses({ code: 'E_HOME_FOREIGN', names: '54321' }, join(place, 'home/new'), [place]);
  });

  it.each(['a link', 'a file'])('whose state directory is %s is refused', (what) => {
    const { home, state, directory, refuses: refusesHere } = openWaiting();
    renameSync(state, join(directory, 'elsewhere'));
    if (what === 'a link') symlinkSync(join(directory, 'elsewhere'), state);
    else writeFileSync(state, 'x');
    refusesHere({ code: 'E_HOME_UNSAFE', names: join(home, '.identity-install') });
  });

  it('that is read-only is refused', asRoot, () => {
    const { home, directory, state } = openWaiting();
    execFileSync('chown', ['-R', '54321', directory]);
    chmodSync(directory, 0o755);
    chmodSync(join(home, 'instances'), 0o500);
    chmodSync(join(state, 'journal'), 0o500);
    const person = { directory: join(directory, 'person'), uid: 54321 };
    const act = () => runIn(person, 'identity-install', 'helper', '--merge', '--home', home);
    expectRefused(act, { code: 'E_HOME_READ_ONLY' }, [home]);
    chmodSync(join(state, 'journal'), 0o700);
    const inside = join(home, 'instances', 'sub');
    const below = () => runIn(person, 'identity-install', '--home', inside);
    expectRefused(below, { code: 'E_HOME_READ_ONLY' }, [home]);
  });
});

describe('a source and its target', () => {
  it('that are the same, or lie in each other, are refused', () => {
    const { instance, home, directory, run } = openWaiting();
    const inside = join(instance, 'inner');
    mkdirSync(inside);
    writeFileSync(join(inside, 'META.yaml'), 'id: helper\n');
    for (const from of [instance, inside, join(instance, '.', 'inner')]) {
      const act = () => run('identity-install', '--from', from);
      expectRefused(act, { code: 'E_TARGET_PROTECTED', names: instance }, [home]);
    }
    writeFileSync(join(directory, 'META.yaml'), 'id: helper\n');
    const around = () => run('identity-install', '--from', directory);
    expectRefused(around, { code: 'E_TARGET_PROTECTED', names: home }, [home]);
  });
});
