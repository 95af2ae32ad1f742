import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helperRelease } from '../support/helper-pack.ts';
import {
  expectPlainText,
  expectRefused,
  homeState,
  openScene,
  soundPack,
  type Refusal,
} from '../support/hostile-scene.ts';
import { runIn } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const asRoot = { skip: process.getuid?.() !== 0 };

/** A scene in which v2.0.0 waits, so that every run has something to do. */
function open() {
  const scene = openScene(temporaryDirectory());
  const { repository, directory, home, run } = scene;
  const newer = Object.fromEntries(
    Object.entries(soundPack).map(([path, text]) => [path, `${String(text).trimEnd()} \n`]),
  );
  repository.annotate('v2.0.0', repository.commit(helperRelease({ ...newer, 'new.md': 'new\n' })));
  const install = (...args: string[]) =>
    run('identity-install', 'helper', '--replace', '--backup', '--include-state', ...args);
  const refuses = (refusal: Refusal, ...args: string[]) =>
    expectRefused(() => install(...args), refusal, [home, directory]);
  return { ...scene, install, refuses };
}

describe('an instance', () => {
  it.each(['a link', 'a dangling link', 'a link to a file', 'a file', 'a FIFO'])(
    'that is %s is refused',
    (what) => {
      const { instance, directory, refuses } = open();
      const moved = join(directory, 'elsewhere');
      renameSync(instance, moved);
      if (what === 'a link') symlinkSync(moved, instance);
      else if (what === 'a dangling link') symlinkSync('nowhere', instance);
      else if (what === 'a link to a file') symlinkSync(join(moved, 'META.yaml'), instance);
      else if (what === 'a file') writeFileSync(instance, 'mine\n');
      else execFileSync('mkfifo', [instance]);
      refuses({ code: 'E_INSTANCE_UNSAFE', names: instance });
    },
  );

  it('below a directory that is a link is refused', () => {
    const { home, directory, refuses } = open();
    renameSync(join(home, 'instances'), join(directory, 'elsewhere'));
    symlinkSync(join(directory, 'elsewhere'), join(home, 'instances'));
    refuses({ code: 'E_INSTANCE_UNSAFE', names: join(home, 'instances') });
  });

  it('with a link in it never leads a write through that link', () => {
    const { instance, directory, install } = open();
    const victim = join(directory, 'victim');
    mkdirSync(victim);
    writeFileSync(join(victim, 'file'), 'mine\n');
    rmSync(join(instance, 'IDENTITY_PROMPT.md'));
    symlinkSync(join(victim, 'file'), join(instance, 'IDENTITY_PROMPT.md'));
    symlinkSync(join(victim, 'new'), join(instance, 'new.md'));
    symlinkSync(victim, join(instance, 'runtime'));
    const before = treeOf(victim);
    const ran = install();
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

  it('with a FIFO and a socket in it is worked on around them, and nothing waits', async () => {
    const { instance, install } = open();
    rmSync(join(instance, 'IDENTITY_PROMPT.md'));
    execFileSync('mkfifo', [join(instance, 'IDENTITY_PROMPT.md'), join(instance, 'pipe')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(instance, 'socket'), resolve));
    const ran = install();
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

  it('with names that a terminal obeys shows them escaped', () => {
    const { instance, install } = open();
    writeFileSync(join(instance, 'a\u001b]0;x\u0007\u202e\n.md'), 'mine\n');
    for (const more of [['--plan', '--verbose'], ['--json', '--plan'], ['--verbose']]) {
      const ran = install(...more);
      expect([ran.status, ran.stdout.includes('.md')]).toEqual([0, true]);
      expectPlainText(ran);
    }
  });

  it('with a name that is not UTF-8 is refused', () => {
    const { instance, refuses } = open();
    writeFileSync(Buffer.concat([Buffer.from(`${instance}/`), Buffer.from([0x61, 0xff])]), 'mine');
    refuses({ code: 'E_INSTANCE_UNREADABLE' });
  });

  it('in two places is refused, and so is one that the local catalog puts outside', () => {
    const { home, instance, refuses } = open();
    const legacy = join(home, 'helper');
    mkdirSync(legacy);
    writeFileSync(join(legacy, 'IDENTITY_PROMPT.md'), 'old\n');
    refuses({ code: 'E_INSTANCE_AMBIGUOUS', names: [instance, legacy] });
    for (const path of ['../../victim', '.', '.identity-install/record', home, dirname(home)]) {
      const catalog = `identities: [{id: helper, pack_path: ${JSON.stringify(path)}}]\n`;
      writeFileSync(join(home, 'catalog.local.yaml'), catalog);
      refuses({ code: 'E_INSTANCE_UNSAFE', names: 'pack_path' });
    }
  });

  it('that cannot be read is refused', asRoot, () => {
    const { directory, home, repository } = open();
    const stranger = 54321;
    execFileSync('chown', ['-R', `${stranger}:${stranger}`, directory]);
    chmodSync(directory, 0o755);
    const file = join(home, 'instances', 'helper', 'IDENTITY_PROMPT.md');
    chmodSync(file, 0);
    const act =
      (...args: string[]) =>
      () =>
        runIn(
          { directory: join(directory, 'person'), uid: stranger },
          'identity-install',
          'helper',
          '--home',
          home,
          ...args,
        );
    expectRefused(act(), { code: 'E_INSTANCE_UNREADABLE', names: 'IDENTITY_PROMPT.md' }, [home]);
    chmodSync(file, 0o644);
    lchownSync(repository.path, 0, 0);
    expectRefused(act(), { code: 'E_SOURCE_FOREIGN' }, [home]);
    chownSync(repository.path, stranger, stranger);
    chmodSync(repository.path, 0);
    expectRefused(act('--from', repository.path), { code: 'E_SOURCE_UNREACHABLE' }, [home]);
    chmodSync(repository.path, 0o755);
    for (const [path, code] of [
      [join(home, 'instances'), 'E_INSTANCE_UNREADABLE'],
      [join(home, '.identity-install', 'record'), 'E_HOME_READ_ONLY'],
      [join(home, '.identity-install'), 'E_HOME_READ_ONLY'],
      [home, 'E_HOME_READ_ONLY'],
    ] as const) {
      chmodSync(path, 0);
      expectRefused(act(), { code }, [home]);
      chmodSync(path, 0o700);
    }
  });
});

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
      'identity/protocol/IDENTITY_PROTOCOL.md': 'law\n',
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
    const { home, state, directory, refuses: refusesHere } = open();
    renameSync(state, join(directory, 'elsewhere'));
    if (what === 'a link') symlinkSync(join(directory, 'elsewhere'), state);
    else writeFileSync(state, 'x');
    refusesHere({ code: 'E_HOME_UNSAFE', names: join(home, '.identity-install') });
  });

  it('that is read-only is refused', asRoot, () => {
    const { home, directory, state } = open();
    execFileSync('chown', ['-R', '54321', directory]);
    chmodSync(directory, 0o755);
    for (const path of [state, join(home, 'instances')]) chmodSync(path, 0o500);
    const person = { directory: join(directory, 'person'), uid: 54321 };
    const act = () => runIn(person, 'identity-install', 'helper', '--merge', '--home', home);
    expectRefused(act, { code: 'E_HOME_READ_ONLY' }, [home]);
    chmodSync(state, 0o700);
    const fresh = join(home, 'instances', 'sub');
    const below = () => runIn(person, 'identity-install', '--home', join(fresh, 'home'));
    expectRefused(below, { code: 'E_HOME_READ_ONLY' }, [home]);
  });
});

describe('a source and its target', () => {
  it('that are the same, or lie in each other, are refused', () => {
    const { instance, home, directory, run } = open();
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
    homeState(home);
  });
});
