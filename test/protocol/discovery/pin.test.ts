import { outputFileSync } from 'fs-extra/esm';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rootSeed } from '../../support/discovery.ts';
import { codesOf, list } from '../../support/listing.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const prompt = 'IDENTITY_PROMPT.md';

describe('a pin', () => {
  const git = (root: string, ...args: string[]): string => {
    const settings = ['user.name=a', 'user.email=a@b', 'protocol.file.allow=always'];
    const options = ['-C', root, ...settings.flatMap((setting) => ['-c', setting])];
    return execFileSync('git', [...options, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
  };
  const commit = (root: string): string => {
    git(root, 'init', '--quiet');
    git(root, 'add', '.');
    git(root, 'commit', '--quiet', '-m', 'x');
    return git(root, 'rev-parse', 'HEAD');
  };
  const pinOf = (repository: string, id: string): string =>
    `protocol_repo: ${repository}\npinned_tag: v1.0.0\npinned_commit: ${id}\n`;

  test('of the project makes the root that it names go first, by path or by remote', () => {
    const near = temporaryDirectory(rootSeed(['ab']));
    const far = temporaryDirectory(rootSeed(['ab']));
    const head = commit(far);
    outputFileSync(join(near, 'identity/PROTOCOL_PIN.yaml'), pinOf(far, head));
    const byPath = list(near, [far]);
    expect(byPath.identities[0]?.packPath).toBe(join(far, 'identity/packs/ab'));
    expect(byPath.errors).toEqual([
      expect.objectContaining({
        code: 'IDENTITY_SHADOWED',
        path: join(near, 'identity/packs/ab'),
        severity: 'warn',
      }),
    ]);
    execFileSync('git', ['-C', far, 'remote', 'add', 'origin', 'git@example.org:a/b.git']);
    outputFileSync(
      join(near, 'identity/PROTOCOL_PIN.yaml'),
      pinOf('https://example.org/a/b', head),
    );
    expect(list(near, [far]).identities[0]?.packPath).toBe(join(far, 'identity/packs/ab'));
  });

  test('to another commit than the root stands at, or of an extra root, changes nothing', () => {
    const near = temporaryDirectory(rootSeed(['ab']));
    const far = temporaryDirectory(rootSeed(['ab']));
    const head = commit(far);
    outputFileSync(join(far, 'identity/PROTOCOL_PIN.yaml'), pinOf(far, head));
    expect(list(near, [far]).identities[0]?.packPath).toBe('identity/packs/ab');
    outputFileSync(join(near, 'identity/PROTOCOL_PIN.yaml'), pinOf(far, 'a'.repeat(40)));
    expect(list(near, [far]).identities[0]?.packPath).toBe('identity/packs/ab');
  });

  test('names a worktree and a submodule, whose .git is a file, and one whose .git is a link', () => {
    const near = temporaryDirectory(rootSeed(['ab']));
    const source = temporaryDirectory(rootSeed(['ab']));
    const head = commit(source);
    git(source, 'remote', 'add', 'origin', 'https://example.org/a/b');
    const around = temporaryDirectory({ 'around/x': '', linked: null });
    const [onBranch, detached, outer, linked] = ['branch', 'detached', 'around', 'linked'].map(
      (name) => join(around, name),
    ) as [string, string, string, string];
    git(source, 'worktree', 'add', '--quiet', '-b', 'other', onBranch);
    git(source, 'worktree', 'add', '--quiet', '--detach', detached);
    commit(outer);
    git(outer, 'submodule', '--quiet', 'add', source, 'inner');
    outputFileSync(join(linked, 'identity/packs/ab', prompt), '');
    symlinkSync(join(source, '.git'), join(linked, '.git'));
    const pinned = (repository: string, root: string): string | undefined => {
      outputFileSync(join(near, 'identity/PROTOCOL_PIN.yaml'), pinOf(repository, head));
      return list(near, [root]).identities[0]?.packPath;
    };
    for (const root of [onBranch, detached, join(outer, 'inner'), linked]) {
      const repository = root.endsWith('inner') ? source : 'git@example.org:a/b.git';
      expect(pinned(repository, root), root).toBe(join(root, 'identity/packs/ab'));
      expect(pinned(root, root), root).toBe(join(root, 'identity/packs/ab'));
    }
    git(source, 'pack-refs', '--all');
    expect(pinned(onBranch, onBranch)).toBe(join(onBranch, 'identity/packs/ab'));
    git(onBranch, 'commit', '--quiet', '--allow-empty', '-m', 'further');
    expect(pinned(onBranch, onBranch)).toBe('identity/packs/ab');
  });

  test.each([
    ['leads nowhere', 'gitdir: ../nowhere\n'],
    ['leads to itself', 'gitdir: .git\n'],
    ['says something else', 'hello'],
    ['holds a zero byte', 'gitdir: a\0b\n'],
  ])('names no root whose .git file %s', (_what, text) => {
    const near = temporaryDirectory(rootSeed(['ab']));
    const far = temporaryDirectory({ ...rootSeed(['ab']), '.git': text });
    outputFileSync(join(near, 'identity/PROTOCOL_PIN.yaml'), pinOf(far, 'a'.repeat(40)));
    expect(list(near, [far]).identities[0]?.packPath).toBe('identity/packs/ab');
  });

  test('takes no address of a submodule for one of the repository itself', () => {
    const near = temporaryDirectory(rootSeed(['ab']));
    const far = temporaryDirectory(rootSeed(['ab']));
    const head = commit(far);
    git(far, 'config', 'submodule.x.url', 'https://example.org/a/b');
    outputFileSync(
      join(near, 'identity/PROTOCOL_PIN.yaml'),
      pinOf('https://example.org/a/b', head),
    );
    expect(list(near, [far]).identities[0]?.packPath).toBe('identity/packs/ab');
  });

  test('that cannot be used is a warning', () => {
    const root = temporaryDirectory({
      ...rootSeed(['ab']),
      'identity/PROTOCOL_PIN.yaml': 'x: 1\n',
    });
    expect(codesOf(list(root))).toEqual(['warn PIN_INVALID']);
  });

  test('is told where a root is what it names and stands at another commit', () => {
    const near = temporaryDirectory(rootSeed(['ab']));
    const far = temporaryDirectory(rootSeed(['cd']));
    const head = commit(far);
    const pin = join(near, 'identity/PROTOCOL_PIN.yaml');
    outputFileSync(pin, pinOf(far, 'a'.repeat(40)));
    const { errors } = list(near, [far]);
    expect(errors).toEqual([
      { code: 'PIN_UNMET', path: pin, severity: 'warn', message: expect.stringContaining(far) },
    ]);
    outputFileSync(pin, pinOf(far, head));
    expect(list(near, [far]).errors).toEqual([]);
    // A protocol repository pins its last release, and goes on.
    commit(near);
    outputFileSync(pin, pinOf(near, 'a'.repeat(40)));
    expect(list(near, [far]).errors).toEqual([]);
  });

  test('that is not a regular file is a warning', () => {
    const root = temporaryDirectory(rootSeed(['ab']));
    mkdirSync(join(root, 'identity/PROTOCOL_PIN.yaml'));
    expect(list(root).errors).toMatchObject([
      {
        code: 'PIN_INVALID',
        message: expect.stringMatching(/is not a regular file \(directory\)/),
      },
    ]);
  });
});
