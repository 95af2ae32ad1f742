/**
 * The short calls that go through simple-git, where its argument checks are a second line of
 * defence: creating the store and writing refs. Commands that stream or transfer, and those that
 * every run needs (refs, objects), are spawned by process.ts without loading anything else. What
 * simple-git does not do by itself is done here; docs/adr/0018-simple-git-and-fs-extra.md lists it.
 */
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import type * as SimpleGit from 'simple-git';
import type { Environment } from '../environment.ts';
import { countBytes } from './bounds.ts';
import { interrupted, missingGit, storeFailure } from './failure.ts';
import { gitVariables, hardenedSettings } from './settings.ts';

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

let loading: Promise<typeof SimpleGit> | undefined;

/** Call it while git is busy and there is nothing else to do: loading takes milliseconds. */
export function preloadPlumbing(): void {
  // The caller that needs it gets the rejection.
  load().catch(() => undefined);
}

function load(): Promise<typeof SimpleGit> {
  return (loading ??= import('simple-git'));
}

/** Far more than any of these commands prints. */
const outputLimit = 1024 * 1024;

/**
 * What simple-git refuses by name, whatever the value: here each value is ours, and removes a
 * capability. Everything else that it refuses stays refused.
 */
const refusedByName = {
  // GIT_CONFIG_GLOBAL is /dev/null.
  allowUnsafeConfigPaths: true,
  // core.fsmonitor is false.
  allowUnsafeFsMonitor: true,
  // core.hooksPath is /dev/null.
  allowUnsafeHooksPath: true,
  // --template is empty.
  allowUnsafeTemplateDir: true,
} as const;

/**
 * Only commands that print something: after one that ends without output, simple-git waits 50 ms
 * for output that may still come.
 */
async function run(plumbing: Plumbing, args: string[], input?: string): Promise<void> {
  const { store, signal } = plumbing;
  if (signal?.aborted === true) throw interrupted();
  const { simpleGit } = await load();
  requireDescriptors();
  const variables = variablesOf(plumbing);
  const tooMuch = new AbortController();
  let said = '';
  const git = simpleGit({
    // As for every git: no file of the working directory is looked for.
    baseDir: '/',
    config: [...hardenedSettings],
    allowEnvironment: Object.keys(variables),
    unsafe: refusedByName,
    abort: signal === undefined ? tooMuch.signal : AbortSignal.any([signal, tooMuch.signal]),
    // By default it treats what was printed up to 50 ms after git's exit as the whole output.
    completion: { onClose: true, onExit: false },
    // By default it treats a git that was killed, or failed without output, as successful.
    errors(_error, { exitCode, stdErr }) {
      if (exitCode === 0) return undefined;
      said = Buffer.concat(stdErr).toString('utf8');
      const how = Number.isInteger(exitCode) ? `with ${exitCode}` : 'by a signal';
      return new Error(`git ${args[0] ?? ''} was ended ${how}`);
    },
    ...(input === undefined ? {} : { input: () => input }),
  })
    .env(variables)
    .outputHandler((_command, stdout, stderr) => {
      for (const stream of [stdout, stderr]) {
        countBytes(stream, outputLimit, () => tooMuch.abort());
      }
    });
  try {
    await git.raw(args);
  } catch (error) {
    if (plumbing.signal?.aborted === true) throw interrupted();
    // For a missing program it reports nothing but the stack of node's error.
    if (/spawn git ENOENT/.test(said)) throw missingGit(error);
    const cause = error instanceof Error ? error : new Error(String(error));
    throw storeFailure(store, said === '' ? cause.message : said, cause);
  }
}

/** The settings of every git process, without those for transports, none of which it may use. */
function variablesOf({ environment, store }: Plumbing): Record<string, string> {
  const variables = gitVariables(environment, { store });
  delete variables['GIT_ASKPASS'];
  delete variables['GIT_SSH_COMMAND'];
  delete variables['GIT_SSH_VARIANT'];
  return variables;
}

/**
 * When no more files can be opened, simple-git fails on missing pipes, and the reason, which node
 * reports later, ends the process.
 * @throws EMFILE
 */
function requireDescriptors(): void {
  // Both ends of the pipes to a child, and one to be notified of its end.
  const needed = 8;
  const opened: number[] = [];
  try {
    while (opened.length < needed) opened.push(openSync(devNull, 'r'));
  } finally {
    opened.forEach((descriptor) => closeSync(descriptor));
  }
}
