/**
 * The plumbing that goes through simple-git: making the store and writing refs, where its argument
 * checks are a second fence. It takes 20 ms to load, so that what every run needs (refs, objects)
 * is spawned directly, and only a run that fetches loads it.
 */
import { dirname } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import type { Environment } from '../environment.ts';
import { interrupted, missingGit, storeFailure } from './failure.ts';
import { hardenedSettings, plumbingVariables } from './settings.ts';

export interface Plumbing {
  readonly environment: Environment;
  readonly store: string;
  readonly signal?: AbortSignal | undefined;
}

export async function initStore(plumbing: Plumbing): Promise<void> {
  await run(plumbing, [
    'init',
    '--bare',
    '--template=',
    '--object-format=sha1',
    '--initial-branch=none',
    plumbing.store,
  ]);
}

/** One transaction: all refs or none. A null removes the ref. */
export async function updateRefs(
  plumbing: Plumbing,
  updates: ReadonlyMap<string, string | null>,
): Promise<void> {
  if (updates.size === 0) return;
  const lines = [...updates].map(([name, oid]) =>
    oid === null ? `delete ${name}` : `update ${name} ${oid}`,
  );
  await run(plumbing, ['update-ref', '--stdin'], ['start', ...lines, 'commit', ''].join('\n'));
}

/**
 * Only commands that print something: after one that ends without a word, simple-git waits 50 ms
 * for words that may still come.
 */
async function run(plumbing: Plumbing, args: string[], input?: string): Promise<string> {
  const { environment, store, signal } = plumbing;
  const { simpleGit } = await import('simple-git');
  const variables = plumbingVariables(environment, store);
  const git = simpleGit({
    baseDir: dirname(store),
    config: [...hardenedSettings],
    allowEnvironment: Object.keys(variables),
    unsafe: {
      allowUnsafeConfigPaths: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafeTemplateDir: true,
    },
    ...(signal === undefined ? {} : { abort: signal }),
    ...(input === undefined ? {} : { input: () => input }),
  }).env(variables);
  try {
    return await git.raw(args);
  } catch (error) {
    if (signal?.aborted === true) throw interrupted();
    if (errnoOf(error) === 'ENOENT' || /spawn git ENOENT/.test(String(error))) {
      throw missingGit(error);
    }
    throw storeFailure(store, error instanceof Error ? error.message : String(error), error);
  }
}
