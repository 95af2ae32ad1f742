/**
 * The settings that every git process gets: nothing of the system's or the repository's
 * configuration can run a program, prompt, or reach a transport that was not requested
 * (docs/architecture.md#what-git-may-do lists what is carried over from the user).
 */
import type { Environment } from '../environment.ts';

/** `-c` settings, in the order of git's documentation. */
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  // A 500 MB blob takes 516 MB of memory without this, 5 MB with it.
  'core.bigFileThreshold=1m',
  'core.fsync=all',
  'fetch.fsckObjects=true',
  // One pack for each fetch, synced once, and not a file for each object.
  'fetch.unpackLimit=1',
  'fastimport.unpackLimit=1',
  'fetch.recurseSubmodules=false',
  'fetch.writeCommitGraph=false',
  'transfer.bundleURI=false',
  'safe.bareRepository=explicit',
  'gc.auto=0',
  'maintenance.auto=false',
] as const;

export const hardenedArguments: readonly string[] = settings.flatMap((item) => ['-c', item]);
export const hardenedSettings: readonly string[] = settings;

/** `GIT_*` variables that a user behind a proxy needs and that run nothing. */
const keptVariables = new Set(['GIT_SSL_CAINFO', 'GIT_SSL_CAPATH']);
/** Not git's own, but git would run them. */
const droppedVariables = new Set(['SSH_ASKPASS', 'EDITOR', 'VISUAL', 'PAGER', 'PREFIX']);

export type ProcessVariables = Record<string, string>;

/** The user's variables without any that steer git. */
function userVariables(environment: Environment): ProcessVariables {
  const kept = new Map<string, string>();
  for (const [name, value] of Object.entries(environment.variables)) {
    if (value === undefined) continue;
    const upper = name.toUpperCase();
    if (upper.startsWith('GIT_') && !keptVariables.has(upper)) continue;
    if (droppedVariables.has(upper)) continue;
    kept.set(name, value);
  }
  return Object.fromEntries(kept);
}

/**
 * @param transports for `GIT_ALLOW_PROTOCOL`, joined by colons; empty allows none
 * @param store the repository; without one git sees none
 */
export function gitVariables(
  environment: Environment,
  options: { readonly store?: string | undefined; readonly transports?: string | undefined } = {},
): ProcessVariables {
  return {
    ...userVariables(environment),
    ...fixedVariables,
    GIT_ALLOW_PROTOCOL: options.transports ?? '',
    // Without a store, git must not find a repository around the working directory and obey it.
    GIT_DIR: options.store ?? noRepository,
  };
}

const noRepository = '/dev/null';

const fixedVariables: ProcessVariables = {
  // Failures are recognised by their text, so it must be in one language.
  LC_ALL: 'C',
  LANGUAGE: '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  // Set but empty: git then asks no program, not even the one of SSH_ASKPASS.
  GIT_ASKPASS: '',
  GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
  GIT_SSH_VARIANT: 'ssh',
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  // Objects must match their ids, even if a store or a source replaces them.
  GIT_NO_REPLACE_OBJECTS: '1',
};

/**
 * What is carried over from the user's own configuration for a network operation, as a pattern
 * for `git config --get-regexp`: proxy, certificates, credential helpers and address rewriting,
 * each also in its form for one address (`credential.https://host.helper`).
 */
export const carriedPattern =
  '^(http\\.(.*\\.)?(proxy|sslcainfo)|credential\\.(.*\\.)?helper|url\\..*\\.insteadof)$';

/** Variables in which `git config` sees the user's own configuration, and only that. */
export function configurationVariables(environment: Environment): ProcessVariables {
  const own = environment.variables['GIT_CONFIG_GLOBAL'];
  const variables: ProcessVariables = gitVariables(environment);
  delete variables['GIT_CONFIG_GLOBAL'];
  return own === undefined ? variables : { ...variables, GIT_CONFIG_GLOBAL: own };
}

/**
 * The output of `git config -z --get-regexp` as variables: settings in the environment, unlike
 * `-c`, are not shown to other users by `ps`.
 */
export function carriedVariables(output: Buffer): ProcessVariables {
  const items = output
    .toString('utf8')
    .split('\0')
    .filter((item) => item.includes('\n'));
  const variables: ProcessVariables = {};
  items.forEach((item, index) => {
    const end = item.indexOf('\n');
    variables[`GIT_CONFIG_KEY_${index}`] = item.slice(0, end);
    variables[`GIT_CONFIG_VALUE_${index}`] = item.slice(end + 1);
  });
  return items.length === 0
    ? variables
    : { ...variables, GIT_CONFIG_COUNT: items.length.toString() };
}
