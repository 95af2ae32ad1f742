import { rmSync } from 'node:fs';
import { outputFileSync } from 'fs-extra/esm';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import { useCasesOf } from '../support/use-cases.ts';
import type { ReleaseContext } from '../../src/release/context.ts';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import { createGit } from '../../src/platform/git/adapter.ts';
import { environmentOf } from '../support/environment.ts';
import {
  blindnessAt,
  createFailingFileSystem,
  deathsAt,
  liesAt,
  refusalsAt,
  type FailingOptions,
  type Fault,
} from '../support/failing-file-system.ts';
import { gitFailures, makeFailingGit, type GitFailure } from '../support/failing-git.ts';
import { helperRelease } from '../support/helper-pack.ts';
import { homeTree, problemsOf, viewOf } from '../support/home-state.ts';
import { onlyReleases } from '../support/releases-apart.ts';
import { makeRepository } from '../support/repository.ts';
import { recordFigures, sampled } from '../support/sweep.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { copyTree } from '../support/tree.ts';
import { openWorkshop, requestOf } from '../support/workshop.ts';

const files = { 'IDENTITY_PROMPT.md': 'prompt\n', 'META.yaml': 'id: helper\n', 'd/a': 'a\n' };

/** The sources that are written into the store of releases: fetched into it, or imported. */
const sources: Readonly<Record<string, () => string>> = {
  repository: () => makeRepository({ 'v1.1.0': helperRelease(files) }).path,
  directory() {
    const directory = join(temporaryDirectory(), 'helper');
    for (const [path, content] of Object.entries(files))
      outputFileSync(join(directory, path), content);
    return directory;
  },
};

interface Arranged {
  readonly home: string;
  /** Makes the home what it was. */
  readonly restore: () => void;
  readonly install: (release: Partial<ReleaseContext>) => Promise<Error | undefined>;
}

/** A home in which another source's `helper` is installed, and a run that replaces it by this one's. */
async function arrange(source: string): Promise<Arranged> {
  const directory = temporaryDirectory();
  const home = join(directory, 'home');
  const install = async (from: string, release: Partial<ReleaseContext>) => {
    const { context } = openWorkshop(home);
    const request = requestOf({ from, ids: ['helper'], mode: 'replace', backup: true });
    return await useCasesOf({ ...context, ...release })
      .install(request)
      .then(
        () => undefined,
        (error: unknown) => error as Error,
      );
  };
  const old = makeRepository({ 'v1.0.0': helperRelease({ ...files, 'd/a': 'old\n' }) });
  expect(await install(old.path, {})).toBeUndefined();
  outputFileSync(join(home, 'instances', 'helper', 'mine'), 'mine\n');
  rmSync(join(home, '.identity-install', 'releases.git'), { recursive: true });
  const saved = join(directory, 'saved');
  copyTree(home, saved);
  return {
    home,
    install: (release) => install(source, release),
    restore() {
      rmSync(home, { recursive: true, force: true });
      copyTree(saved, home);
    },
  };
}

/**
 * Runs the install with something wrong with the store, then without. Whatever the first said, it
 * has left the instance alone or done its work, and the second gets there.
 */
async function tryBoth(
  { home, restore, install }: Arranged,
  expected: string,
  release: Partial<ReleaseContext>,
  mayDie = false,
): Promise<'old' | 'new'> {
  restore();
  const before = homeTree(home);
  const failed = await install(release);
  if (failed === undefined) expect(viewOf(home, 'helper')).toBe(expected);
  else {
    if (!mayDie) expect(failed).toBeInstanceOf(InstallError);
    if (failed instanceof InstallError) expect(failed.code).not.toBe('E_BUG');
    expect(homeTree(home)).toEqual(before);
  }
  expect(await install({})).toBeUndefined();
  expect(viewOf(home, 'helper')).toBe(expected);
  expect(await problemsOf(home)).toEqual([]);
  return failed === undefined ? 'new' : 'old';
}

describe.each(Object.entries(sources))('the store of releases, from a %s', (kind, make) => {
  test('any call of it that is killed, refused or lies leaves the instance alone; the next run works', async () => {
    const arranged = await arrange(make());
    const disk = createDiskFileSystem();
    const expected = await ends(arranged);
    const figures = { points: 0, old: 0, new: 0, recovered: 0, mixed: 0, lost: 0 };
    for (const reads of [false, true]) {
      const options: FailingOptions = { reads, syncs: true };
      arranged.restore();
      const counting = createFailingFileSystem(disk, options);
      expect(
        await arranged.install({ fs: onlyReleases(counting, disk, arranged.home) }),
      ).toBeUndefined();
      const trials = counting.log.flatMap((call, index) => faultsAt(index + 1, call, reads));
      expect(trials.length).toBeGreaterThan(10);
      for (const fault of sampled(trials, 10)) {
        const failing = createFailingFileSystem(disk, { ...options, fault });
        const fs = onlyReleases(failing, disk, arranged.home);
        figures[await tryBoth(arranged, expected, { fs }, fault.kind === 'crash')] += 1;
        figures.points += 1;
      }
    }
    recordFigures(`store of releases, from a ${kind}`, figures);
  });

  test('any git of it that fails or is killed leaves the instance alone; the next run works', async () => {
    const arranged = await arrange(make());
    const failing = makeFailingGit(temporaryDirectory());
    const git = createGit(environmentOf({ variables: { PATH: failing.path } }));
    const expected = await ends(arranged);
    arranged.restore();
    failing.arm();
    expect(await arranged.install({ git })).toBeUndefined();
    const trials = Array.from({ length: failing.count() }).flatMap((_none, index) =>
      Object.keys(gitFailures).map((how) => ({ at: index + 1, how: how as GitFailure })),
    );
    expect(trials.length).toBeGreaterThan(10);
    const figures = { points: 0, old: 0, new: 0, recovered: 0, mixed: 0, lost: 0 };
    for (const { at, how } of sampled(trials, 14)) {
      failing.arm(how, at);
      figures[await tryBoth(arranged, expected, { git })] += 1;
      figures.points += 1;
    }
    recordFigures(`git of a ${kind} fails`, figures);
  });
});

test('a git that is missing leaves the instance alone and is named', async () => {
  const arranged = await arrange(makeRepository({ 'v1.1.0': helperRelease(files) }).path);
  const git = createGit(environmentOf({ variables: { PATH: temporaryDirectory() } }));
  const before = homeTree(arranged.home);
  expect(await arranged.install({ git })).toMatchObject({ code: 'E_GIT_MISSING' });
  expect(homeTree(arranged.home)).toEqual(before);
});

async function ends({ home, install, restore }: Arranged): Promise<string> {
  restore();
  expect(await install({})).toBeUndefined();
  return viewOf(home, 'helper');
}

function faultsAt(at: number, call: string, reads: boolean): Fault[] {
  if (reads) return [...blindnessAt(at, call)];
  return [...deathsAt(at, call), ...refusalsAt(at), ...liesAt(at, call)];
}
