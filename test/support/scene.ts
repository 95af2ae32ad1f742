import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { OperationContext } from '../../src/operations/context.ts';
import { install } from '../../src/operations/install/install.ts';
import { rollback } from '../../src/operations/rollback/rollback.ts';
import type { InstallRequest } from '../../src/operations/install/request.ts';
import type { InstallRun } from '../../src/operations/install/outcome.ts';
import type { RollbackRequest } from '../../src/operations/rollback/request.ts';
import type { RollbackRun } from '../../src/operations/rollback/outcome.ts';
import { createTestDisk } from './test-disk.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import { helperRelease } from './helper-pack.ts';
import { keptPlaces } from './kept-places.ts';
import { makeRepository, type RepositoryFiles } from './repository.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { treeOf } from './tree.ts';
import { openWorkshop, requestOf, type Workshop } from './workshop.ts';

/** Everything at once: replaces, removes what the release dropped, backs up. */
export const replaceAll = { mode: 'replace', backup: true, prune: true } as const;

/** A home and a source with `helper` in the releases v1.0.0 and v1.1.0. */
export interface Scene extends Workshop {
  readonly from: string;
  readonly instance: string;
  readonly path: (name: string) => string;
  readonly tree: () => Record<string, string>;
  /** A file of the state directory. */
  readonly state: (...names: string[]) => string;
  readonly run: (
    given?: Partial<InstallRequest>,
    context?: OperationContext,
  ) => Promise<InstallRun>;
  readonly undo: (
    given?: Partial<RollbackRequest>,
    context?: OperationContext,
  ) => Promise<RollbackRun>;
}

/** The prompt differs between the two releases; the rest is given. */
export function openScene(first: RepositoryFiles, second: RepositoryFiles = first): Scene {
  const directory = temporaryDirectory();
  publishIn(directory, first, second);
  return sceneIn(directory);
}

function publishIn(directory: string, first: RepositoryFiles, second: RepositoryFiles): void {
  makeRepository(
    {
      'v1.0.0': helperRelease({ 'IDENTITY_PROMPT.md': 'one\n', ...first }),
      'v1.1.0': helperRelease({ 'IDENTITY_PROMPT.md': 'two\n', ...second }),
    },
    directory,
  );
}

function sceneIn(directory: string): Scene {
  const workshop = openWorkshop(join(directory, 'home'));
  const from = join(directory, 'source.git');
  const instance = join(workshop.home, 'instances', 'helper');
  return {
    ...workshop,
    from,
    instance,
    path: (name) => join(instance, name),
    tree: () => treeOf(instance),
    state: (...names) => join(workshop.home, '.identity-install', ...names),
    run: (given, context = workshop.context) =>
      install(context, requestOf({ from, ids: ['helper'], ...given })),
    undo: (given, context = workshop.context) =>
      rollback(context, { ref: 'last', through: false, paths: [], ...given }),
  };
}

const installed = new Map<string, () => Promise<string>>();

/** The scene with its first release installed; made once for all tests that begin with the same. */
export async function installedScene(
  first: RepositoryFiles,
  second: RepositoryFiles = first,
): Promise<Scene> {
  const key = JSON.stringify([first, second]);
  let place = installed.get(key);
  if (place === undefined) {
    place = keptPlaces(async (directory) => {
      publishIn(directory, first, second);
      await sceneIn(directory).run({ release: 'v1.0.0' });
    });
    installed.set(key, place);
  }
  return sceneIn(await place());
}

/** The operation that a run of one identity was recorded as. */
export function refOf(run: InstallRun): string {
  return run.identities[0]?.operation?.ref ?? '';
}

export function textOf(path: string): string {
  return readFileSync(path, 'utf8');
}

/** A disk on which `act` happens once, when everything is staged and nothing is swapped yet. */
export function whenStaged(act: () => void): FileSystem {
  const disk = createTestDisk();
  let acted = false;
  return {
    ...disk,
    async barrier(paths) {
      await disk.barrier(paths);
      // Of the state; the store of releases has barriers of its own.
      if (acted || !paths.some((path) => basename(path) === '.identity-install')) return;
      acted = true;
      act();
    },
  };
}
