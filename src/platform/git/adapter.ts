import type { Environment } from '../environment.ts';
import type { Git, GitObjectType, GitRef, GitRemote, RemoteRef, TransferOptions } from '../git.ts';
import { openCatFile } from './cat-file.ts';
import { startFastImport } from './fast-import.ts';
import { allocationBound, hasLongHeader, tracedRefsLimit, twiceTracedRefsLimit } from './bounds.ts';
import { gitFailure, redirected, storeFailure, tooManyRefs } from './failure.ts';
import { peel } from './look-up.ts';
import { initStore, preloadPlumbing, updateRefs } from './plumbing.ts';
import { runGit, type GitCommand } from './process.ts';
import {
  carriedPattern,
  carriedVariables,
  configurationVariables,
  gitVariables,
  type ProcessVariables,
} from './settings.ts';
import { endProcess } from '../process-mark.ts';

const defaultIdleMs = 60_000;
/** A hundred thousand tags fit. */
const remoteRefsLimit = 16 * 1024 * 1024;
/** A bundle lists no peeled tags; git takes half a minute for a million lines of it. */
const bundleHeaderLimit = remoteRefsLimit / 2;
/** The one buffer in which git collects the refs of a server that does not stream them. */
const refsBuffer = 2 * remoteRefsLimit;
/** Servers do not send deltas of files larger than 512 MiB, and ours are a fraction of that. */
const fetchBuffer = 256 * 1024 * 1024;

/** The real git. The environment decides which git runs (`PATH`) and whose keys it uses. */
export function createGit(environment: Environment): Git {
  let carried: Promise<ProcessVariables> | undefined;

  /** Asked once: the user's proxy, certificates, credential helpers and address rewriting. */
  async function userSettings(signal: AbortSignal | undefined): Promise<ProcessVariables> {
    const outcome = await runGit({
      args: ['config', '--global', '--includes', '-z', '--get-regexp', carriedPattern],
      variables: configurationVariables(environment),
      where: 'git config --global',
      signal,
    });
    // 1: nothing matches, or there is no such file. Without a home there is none either.
    if (outcome.exitCode === 0) return carriedVariables(outcome.stdout);
    if (outcome.exitCode === 1 || /\$HOME not set/.test(outcome.stderr)) return {};
    throw gitFailure('your git configuration', outcome);
  }

  async function transferVariables(
    remote: GitRemote,
    store: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ProcessVariables> {
    if (remote.reach === 'local') {
      if (hasLongHeader(remote.address, bundleHeaderLimit)) throw tooManyRefs(remote.address);
      return gitVariables(environment, { store, transports: 'file' });
    }
    carried ??= userSettings(signal);
    const transports = remote.allowHttp === true ? 'https:ssh:http' : 'https:ssh';
    return { ...gitVariables(environment, { store, transports }), ...(await carried) };
  }

  async function transfer(
    remote: GitRemote,
    options: TransferOptions,
  ): Promise<Pick<GitCommand, 'signal' | 'idleMs' | 'onSpawn' | 'boundRefs' | 'onStderr'>> {
    const addresses = [remote.address, ...rewrittenAddresses((await carried) ?? {})];
    const hosts = addresses.map(hostOf);
    return {
      signal: options.signal,
      idleMs: options.idleMs ?? defaultIdleMs,
      onSpawn: options.onSpawn,
      boundRefs: remote.reach === 'local' ? twiceTracedRefsLimit : tracedRefsLimit,
      onStderr: (text) => {
        const target = redirection.exec(text)?.[1];
        if (target !== undefined && !hosts.includes(hostOf(target) ?? '')) {
          throw redirected(remote.address, target);
        }
        reportProgress(text, options);
      },
    };
  }

  return {
    createStore: (directory, signal) => initStore({ environment, store: directory, signal }),
    updateRefs: (store, updates, signal) => updateRefs({ environment, store, signal }, updates),

    async refs(store, prefix, signal) {
      const variables = gitVariables(environment, { store });
      const outcome = await runGit({
        args: ['for-each-ref', `--format=${refFormat}`, '--sort=refname', prefix],
        variables,
        where: store,
        signal,
      });
      if (outcome.exitCode !== 0) throw storeFailure(store, outcome.stderr);
      const refs: GitRef[] = [];
      for (const line of lines(outcome.stdout)) {
        const ref = parseRef(line);
        refs.push(ref === 'nested' ? await peelNested(store, line, signal) : ref);
      }
      return refs;
    },

    async remoteRefs(remote, kinds, options = {}) {
      const wanted = kinds === 'tags' ? ['--tags'] : ['--heads', '--tags'];
      const outcome = await runGit({
        args: [
          ...endsWhenStalled(options),
          'ls-remote',
          '--quiet',
          ...wanted,
          '--end-of-options',
          remote.address,
        ],
        variables: {
          ...(await transferVariables(remote, undefined, options.signal)),
          ...allocationBound(refsBuffer),
        },
        where: remote.address,
        outputLimit: remoteRefsLimit,
        ...(await transfer(remote, options)),
      });
      if (outcome.exitCode !== 0) throw gitFailure(remote.address, outcome, remote.reach);
      return parseRemoteRefs(outcome.stdout);
    },

    async fetch(store, remote, { refspecs, depth }, options = {}) {
      const reach =
        remote.reach === 'local'
          ? // A local clone may itself be shallow; without this, git skips its tags.
            ['--update-shallow']
          : depth === undefined
            ? []
            : [`--depth=${depth}`];
      const fetching = runGit({
        args: [
          ...endsWhenStalled(options),
          'fetch',
          '--progress',
          '--no-tags',
          '--no-write-fetch-head',
          '--no-recurse-submodules',
          '--no-auto-maintenance',
          '--atomic',
          ...reach,
          '--end-of-options',
          remote.address,
          ...refspecs,
        ],
        variables: {
          ...(await transferVariables(remote, store, options.signal)),
          ...allocationBound(fetchBuffer),
        },
        where: remote.address,
        // What is already on this machine cannot grow without end.
        ...(remote.reach === 'network' &&
          options.maxBytes !== undefined && { boundPacks: { store, bytes: options.maxBytes } }),
        ...(await transfer(remote, options)),
      });
      // What was fetched gets its refs next.
      preloadPlumbing();
      const outcome = await fetching;
      if (outcome.exitCode !== 0) throw gitFailure(remote.address, outcome, remote.reach);
    },

    openObjects: (store, mode, signal) =>
      openCatFile({ store, mode, signal, variables: gitVariables(environment, { store }) }),

    startImport(store, signal) {
      const variables = gitVariables(environment, { store });
      const started = startFastImport({ store, signal, variables });
      preloadPlumbing();
      return started;
    },

    endOrphan: (mark) => endProcess(mark),
  };

  /** for-each-ref peels only one level of tags (git < 2.45); cat-file peels all of them. */
  async function peelNested(
    store: string,
    line: string,
    signal: AbortSignal | undefined,
  ): Promise<GitRef> {
    const [name = '', oid = ''] = line.split(' ');
    const reader = openCatFile({
      store,
      mode: 'stream',
      signal,
      variables: gitVariables(environment, { store }),
    });
    try {
      return { name, oid, type: 'tag', ...(await peel(reader, oid)) };
    } finally {
      await reader.close();
    }
  }
}

/**
 * A timeout of git's own, somewhat longer than ours: a git that outlives us must not wait for a
 * silent server for ever.
 */
function endsWhenStalled({ idleMs = defaultIdleMs }: TransferOptions): string[] {
  const seconds = Math.ceil(idleMs / 1000) + 5;
  return ['-c', 'http.lowSpeedLimit=1', '-c', `http.lowSpeedTime=${seconds}`];
}

/** The `x` before a field that may be empty makes sure that a space always separates the fields. */
const refFormat =
  '%(refname) %(objectname) %(objecttype) x%(tree) x%(*objectname) x%(*objecttype) x%(*tree)';

function parseRef(line: string): GitRef | 'nested' {
  const [name = '', oid = '', type = '', ...rest] = line.split(' ');
  const [tree, target, targetType, targetTree] = rest.map((item) => item.slice(1));
  if (type === 'tag' && targetType === 'tag') return 'nested';
  const found =
    type === 'commit' ? [oid, tree] : targetType === 'commit' ? [target, targetTree] : [];
  return {
    name,
    oid,
    type: type as GitObjectType,
    commit: found[0] ?? null,
    tree: found[1] ?? null,
  };
}

/** git reports a redirect before it sends anything else to the new place. */
const redirection = /^warning: redirecting to (\S+)/m;

/** The host of an address, without its port; undefined if it is not a URL. */
function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).hostname : undefined;
}

/** Where the user's own configuration redirects addresses to (`url.<base>.insteadOf`). */
function rewrittenAddresses(variables: ProcessVariables): string[] {
  return Object.values(variables).flatMap((key) => /^url\.(.*)\.insteadof$/i.exec(key)?.[1] ?? []);
}

function parseRemoteRefs(output: Buffer): RemoteRef[] {
  const refs = new Map<string, RemoteRef>();
  for (const line of lines(output)) {
    const [oid = '', name = ''] = line.split('\t');
    if (!/^[0-9a-f]{40,64}$/.test(oid)) continue;
    const base = name.endsWith('^{}') ? refs.get(name.slice(0, -3)) : undefined;
    if (base !== undefined) refs.set(base.name, { ...base, peeled: oid });
    else refs.set(name, { name, oid, peeled: null });
  }
  return [...refs.values()];
}

function lines(output: Buffer): string[] {
  return output
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function reportProgress(text: string, { onProgress }: TransferOptions): void {
  const matches = [...text.matchAll(/Receiving objects: +\d+% \((\d+)\/(\d+)\)/g)];
  const last = matches.at(-1);
  if (last !== undefined) onProgress?.(Number(last[1]), Number(last[2]));
}
