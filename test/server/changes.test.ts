import { outputFileSync } from 'fs-extra/esm';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogYaml, discoveryContext, entryYaml, rootSeed } from '../support/discovery.ts';
import { talkTo } from '../support/rpc-client.ts';
import { temporaryDirectory, type Seed } from '../support/temporary-directory.ts';

const request = (method: string, params?: unknown, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

describe('identity/changed', () => {
  const follow = async (root: string) => {
    const talk = talkTo();
    await talk.say(request('identity/list', { cwds: [root] }));
    talk.wait();
    expect(talk.heard()).toEqual([]);
    return talk;
  };
  const told = (root: string) => ({
    jsonrpc: '2.0',
    method: 'identity/changed',
    params: { cwds: [root] },
  });

  test('is told once for a crowd of changes, and not for other files of the project', async () => {
    const root = temporaryDirectory(rootSeed(['ab']));
    const talk = await follow(root);
    outputFileSync(join(root, 'src/main.ts'), '');
    talk.change(root);
    talk.wait();
    expect(talk.heard()).toEqual([]);
    for (const id of ['cd', 'ef', 'gh']) {
      outputFileSync(join(root, `identity/packs/${id}/IDENTITY_PROMPT.md`), id);
      talk.change(join(root, 'identity/packs'));
    }
    talk.wait();
    expect(talk.heard()).toEqual([told(root)]);
    outputFileSync(join(root, 'identity/packs/cd/IDENTITY_PROMPT.md'), 'changed');
    talk.change(join(root, 'identity/packs/cd'));
    talk.wait();
    expect(talk.heard()).toEqual([told(root)]);
    await talk.hangUp();
    expect(talk.watched()).toEqual([]);
  });

  test('is told in the midst of a noise that does not end', async () => {
    const root = temporaryDirectory(rootSeed(['ab']));
    const talk = await follow(root);
    outputFileSync(join(root, 'identity/packs/cd/IDENTITY_PROMPT.md'), 'cd');
    const heard: unknown[] = [];
    for (let passed = 0; passed < 3000; passed += 100) {
      talk.change(root);
      talk.wait(100);
      heard.push(...talk.heard());
    }
    expect(heard).toEqual([told(root)]);
    await talk.hangUp();
  });

  test.each(['the identity home', 'a root that was named'])(
    'is told when %s comes to be',
    async (which) => {
      const [cwd, top] = [temporaryDirectory(), temporaryDirectory()];
      const late = join(top, 'made/later');
      const home = which === 'the identity home';
      const talk = talkTo(home ? { furtherRoots: [late] } : {});
      await talk.say(
        request('identity/list', { cwds: [cwd], ...(!home && { extraRoots: [late] }) }),
      );
      talk.wait();
      expect(talk.watched()).toContain(top);
      for (const [path, text] of Object.entries(rootSeed(['ab']))) {
        outputFileSync(join(late, path), text ?? '');
      }
      talk.change(top);
      talk.wait();
      expect(talk.heard()).toEqual([told(cwd)]);
      expect(talk.watched()).toContain(join(late, 'identity/packs'));
      await talk.hangUp();
      expect(talk.watched()).toEqual([]);
    },
  );

  test('outlives a defect of ours, which is told to people', async () => {
    const root = temporaryDirectory(rootSeed(['ab']));
    const { fs } = discoveryContext();
    let broken = false;
    const realPath: typeof fs.realPath = (path) => {
      if (broken) throw new TypeError('broken');
      return fs.realPath(path);
    };
    const talk = talkTo({ fs: { ...fs, realPath } });
    await talk.say(request('identity/list', { cwds: [root] }));
    talk.wait();
    broken = true;
    talk.change(root);
    talk.wait();
    expect(talk.defects).toHaveLength(1);
    expect(await talk.say(request('initialize'))).toHaveLength(1);
    await talk.hangUp();
  });

  test('outlives the deletion of a root, and tells when it comes back', async () => {
    const top = temporaryDirectory(
      Object.fromEntries(
        Object.entries(rootSeed(['ab'])).map(([path, text]) => [`p/${path}`, text]),
      ),
    );
    const root = join(top, 'p');
    const talk = await follow(root);
    renameSync(root, join(top, 'away'));
    talk.change(root);
    talk.wait();
    expect(talk.heard()).toEqual([told(root)]);
    expect(talk.watched()).toContain(top);
    expect(talk.watched()).not.toContain(root);
    renameSync(join(top, 'away'), root);
    talk.change(top);
    talk.wait();
    expect(talk.heard()).toEqual([told(root)]);
    expect(talk.watched()).toContain(join(root, 'identity/packs'));
    rmSync(root, { recursive: true });
    await talk.hangUp();
  });

  test('goes by each request that was made', async () => {
    const [one, other] = [
      temporaryDirectory(rootSeed(['ab'])),
      temporaryDirectory(rootSeed(['cd'])),
    ];
    const talk = await follow(one);
    await talk.say(request('identity/list', { cwds: [other] }));
    talk.wait();
    outputFileSync(join(one, 'identity/catalog/identities.yaml'), '{');
    talk.change(join(one, 'identity/catalog'));
    talk.wait();
    expect(talk.heard()).toEqual([told(one)]);
    await talk.hangUp();
  });

  test('of a file is told, even where the same question was answered in between', async () => {
    const root = temporaryDirectory(rootSeed(['ab']));
    const talk = await follow(root);
    outputFileSync(join(root, 'identity/packs/ab/IDENTITY_PROMPT.md'), 'changed');
    talk.change(join(root, 'identity/packs/ab'));
    expect(await talk.say(request('identity/list', { cwds: [root] }))).toHaveLength(1);
    talk.wait();
    expect(talk.heard()).toEqual([told(root)]);
    await talk.hangUp();
  });

  test('is not told of what an answer told already', async () => {
    const root = temporaryDirectory(rootSeed(['ab']));
    const talk = await follow(root);
    outputFileSync(join(root, 'identity/packs/cd/IDENTITY_PROMPT.md'), 'cd');
    talk.change(join(root, 'identity/packs'));
    expect(await talk.say(request('identity/list', { cwds: [root] }))).toHaveLength(1);
    talk.wait();
    expect(talk.heard()).toEqual([]);
    await talk.hangUp();
  });

  test('is told when the root of a pin moves to another commit', async () => {
    const [near, far] = [
      temporaryDirectory(rootSeed(['ab'])),
      temporaryDirectory(rootSeed(['ab'])),
    ];
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', far, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        encoding: 'utf8',
      }).trim();
    git('init', '--quiet', '--initial-branch=main');
    git('commit', '--quiet', '--allow-empty', '-m', 'x');
    outputFileSync(
      join(near, 'identity/PROTOCOL_PIN.yaml'),
      `protocol_repo: ${far}\npinned_commit: "${git('rev-parse', 'HEAD')}"\n`,
    );
    const talk = talkTo();
    await talk.say(request('identity/list', { cwds: [near], extraRoots: [far] }));
    talk.wait();
    git('commit', '--quiet', '--allow-empty', '-m', 'y');
    talk.change(join(far, '.git/refs/heads'), 'main');
    talk.wait();
    expect(talk.heard()).toEqual([told(near)]);
    git('checkout', '--quiet', '--detach', 'HEAD~');
    talk.change(join(far, '.git'), 'HEAD');
    talk.wait();
    expect(talk.heard()).toEqual([told(near)]);
    await talk.hangUp();
  });

  const elsewhere = (pack: string): Seed => ({
    'identity/catalog/identities.yaml': catalogYaml([entryYaml('ab', { pack_path: pack })]),
    'agents/one/IDENTITY_PROMPT.md': 'one',
    'agents/two/IDENTITY_PROMPT.md': 'two',
  });

  test('is told when a pack comes to be in a place of its own', async () => {
    const root = temporaryDirectory(elsewhere('agents/deep/ab'));
    const talk = await follow(root);
    outputFileSync(join(root, 'agents/deep/ab/IDENTITY_PROMPT.md'), '');
    talk.change(join(root, 'agents'), 'deep');
    talk.wait();
    expect(talk.heard()).toEqual([told(root)]);
    await talk.hangUp();
  });

  test.each([
    ['a pack', 'agents/current', 'one', 'two'],
    ['the working directory', '../current', 'there', 'here'],
  ])('is told when a link to %s leads elsewhere', async (what, place, from, to) => {
    const top = temporaryDirectory();
    for (const name of ['here', 'there']) {
      for (const [path, text] of Object.entries(elsewhere(`agents/${name}`))) {
        outputFileSync(join(top, name, path), text ?? '');
      }
    }
    const isPack = what === 'a pack';
    const root = join(top, isPack ? 'here' : 'current');
    const link = join(top, 'here', place);
    symlinkSync(from, link);
    if (isPack) {
      const catalog = catalogYaml([entryYaml('ab', { pack_path: place })]);
      outputFileSync(join(root, 'identity/catalog/identities.yaml'), catalog);
    }
    const talk = await follow(root);
    rmSync(link);
    symlinkSync(to, link);
    talk.change(dirname(link), basename(link));
    talk.wait();
    expect(talk.heard()).toEqual([told(root)]);
    await talk.hangUp();
  });

  test('is told when a parent directory becomes a repository', async () => {
    const top = temporaryDirectory(rootSeed(['ab']));
    const cwd = join(top, 'below/it');
    mkdirSync(cwd, { recursive: true });
    const talk = talkTo({ parentRoots: true });
    await talk.say(request('identity/list', { cwds: [cwd] }));
    talk.wait();
    mkdirSync(join(top, '.git'));
    talk.change(top, '.git');
    talk.wait();
    expect(talk.heard()).toEqual([told(cwd)]);
    await talk.hangUp();
  });

  test('costs no look where names change that nothing depends on', async () => {
    const root = temporaryDirectory(rootSeed(['ab']));
    let looks = 0;
    const { fs } = discoveryContext();
    const realPath: typeof fs.realPath = (path) => {
      looks += 1;
      return fs.realPath(path);
    };
    const talk = talkTo({ fs: { ...fs, realPath } });
    await talk.say(request('identity/list', { cwds: [root] }));
    talk.wait();
    looks = 0;
    for (const name of ['src', 'node_modules', '.git']) talk.change(root, name);
    talk.change(dirname(root), 'another');
    talk.wait();
    expect(looks).toBe(0);
    talk.change(root, 'identity');
    talk.wait();
    expect(looks).toBeGreaterThan(0);
    await talk.hangUp();
  });
});
