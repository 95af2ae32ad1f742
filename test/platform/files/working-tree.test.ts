import { describe, expect, it } from 'vitest';
import { strayFrom, workingTreeOf } from '../../../src/platform/files/working-tree.ts';
import { createMemoryFileSystem } from '../../support/memory-file-system.ts';

/** A project with a home in it, a bare repository, a linked working tree; and a home outside. */
const fs = createMemoryFileSystem({
  '/code/project/.git/HEAD': '',
  '/code/project/.git/hooks': null,
  '/code/project/.git/modules/sub/HEAD': '',
  '/code/project/.agents/identity/catalog.local.yaml': '',
  '/code/project/packs/helper/META.yaml': '',
  '/code/project/sub/.git': 'gitdir: ../.git/modules/sub\n',
  '/code/project/vendor/bare/HEAD': '',
  '/code/project/vendor/bare/objects': null,
  '/code/project/vendor/bare/refs': null,
  '/code/project/vendor/bare/hooks': null,
  '/code/project/git-of-worktree/HEAD': '',
  '/code/project/git-of-worktree/commondir': '../elsewhere\n',
  '/code/project/only-a-head/HEAD': '',
  '/code/store.git/HEAD': '',
  '/code/store.git/objects': null,
  '/code/store.git/refs': null,
  '/code/store.git/main/.git': 'gitdir: ../worktrees/main\n',
  '/code/store.git/main/packs': null,
  '/home/ann/.codex/identity': null,
  '/home/ann/.ssh': null,
});
const inProject = '/code/project/.agents/identity';
const ofUser = '/home/ann/.codex/identity';

describe('workingTreeOf', () => {
  it.each([
    ['/code/project', '/code/project'],
    [inProject, '/code/project'],
    ['/code/project/not/there/yet', '/code/project'],
    ['/code/project/sub/deep', '/code/project/sub'],
    ['/code/project/.git/hooks', '/code/project'],
    [ofUser, undefined],
    ['/', undefined],
  ])('of %s is %s', (path, root) => {
    expect(workingTreeOf(fs, path)).toBe(root);
  });
});

describe('a file in the home of a project may name', () => {
  it.each([
    inProject,
    `${inProject}/instances/helper`,
    '/code/project/packs/helper',
    '/code/project/not/there/yet',
    '/code/project',
    '/code/project/sub/pack',
    '/code/project/only-a-head/x',
    '/code/project/.github/packs',
    '/code/project/git/hooks',
  ])('%s', (place) => {
    expect(strayFrom(fs, inProject, place)).toBeUndefined();
  });
});

describe('a file in the home of a project may not name', () => {
  it.each(['/', '/code', '/code/projects', '/home/ann/.ssh', ofUser, '/code/project-2/.git'])(
    '%s, which lies outside',
    (place) => {
      expect(strayFrom(fs, inProject, place)).toEqual({
        kind: 'outside',
        project: '/code/project',
      });
    },
  );

  it.each([
    ['/code/project/.git', '/code/project/.git'],
    ['/code/project/.git/hooks', '/code/project/.git'],
    ['/code/project/.git/not/there', '/code/project/.git'],
    ['/code/project/.GIT/hooks', '/code/project/.GIT'],
    ['/code/project/.git\u200c/hooks', '/code/project/.git\u200c'],
    ['/code/project/GIT~1/hooks', '/code/project/GIT~1'],
    ['/code/project/sub/.git', '/code/project/sub/.git'],
    ['/code/project/vendor/bare', '/code/project/vendor/bare'],
    ['/code/project/vendor/bare/hooks', '/code/project/vendor/bare'],
    ['/code/project/git-of-worktree/hooks', '/code/project/git-of-worktree'],
  ])('%s, which lies in a git directory', (place, directory) => {
    expect(strayFrom(fs, inProject, place)).toEqual({ kind: 'git-directory', directory });
  });
});

describe('a file in a home outside of every working tree', () => {
  it.each(['/', '/srv/packs', '/code/project/packs/helper', '/code/store.git/main/packs'])(
    'may name %s',
    (place) => {
      expect(strayFrom(fs, ofUser, place)).toBeUndefined();
    },
  );

  it.each(['/code/project/.git/hooks', '/code/store.git/hooks', '/srv/x/.git/hooks'])(
    'may not name %s, which lies in a git directory',
    (place) => {
      expect(strayFrom(fs, ofUser, place)?.kind).toBe('git-directory');
    },
  );
});

describe('a place that is only read', () => {
  it.each([
    [ofUser, '/code/store.git', undefined],
    [inProject, '/code/project/vendor/bare', undefined],
    [ofUser, '/code/store.git/hooks', 'git-directory'],
    [inProject, '/code/project/.git/modules/sub', 'git-directory'],
    [inProject, '/code/store.git', 'outside'],
  ])('and that a file in %s names may be a repository: %s is %s', (holder, place, kind) => {
    expect(strayFrom(fs, holder, place, 'read')?.kind).toBe(kind);
  });
});
