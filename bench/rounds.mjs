// One life of an installed pack, ours beside what a user would do instead, step by step.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { node, ours, program } from './commands.mjs';

/** What is compared, in the order of the life; `goal` holds at 10,000 files of 4 KiB. */
export const steps = [
  { key: 'install', ours: 'install', theirs: '`git clone --depth 1` + `cp -a`', goal: 1 },
  { key: 'nothing', ours: 'install, nothing to do', theirs: '`rsync -a -n`', goal: 1 },
  {
    key: 'replace',
    ours: 'replace 5 %, verified snapshot',
    theirs: '`tar czf` + `rsync -a`',
    goal: 0.5,
  },
  { key: 'rollback', ours: 'rollback', theirs: '`rsync -a --delete` from a copy', goal: 2 },
];

const needRsync = ['nothing', 'replace', 'rollback'];

/** The command lines of our side, in the same order. */
export function ourCommands({ id, url, before, after }, home) {
  const at = ['--home', home, '--quiet'];
  const from = ['--from', url];
  return {
    install: ours('identity-install', [id, ...from, '--release', before, ...at]),
    nothing: ours('identity-install', [id, ...from, '--release', before, ...at]),
    replace: ours('identity-install', [
      id,
      ...from,
      '--release',
      after,
      '--replace',
      '--backup',
      ...at,
    ]),
    rollback: ours('identity-rollback', ['last', ...at]),
  };
}

function theirCommands({ url, packPath, before }, place) {
  const clone = join(place, 'clone');
  const pack = `${join(clone, packPath)}/`;
  const target = join(place, 'target');
  const git = (...args) => program('git', ['-c', 'advice.detachedHead=false', ...args]);
  return {
    install: [
      git('clone', '--quiet', '--depth', '1', '--branch', before, url, clone),
      program('cp', ['-a', pack, target]),
    ],
    nothing: [program('rsync', ['-a', '-n', pack, `${target}/`])],
    replace: [
      program('tar', ['-czf', join(place, 'backup.tar.gz'), '-C', place, 'target']),
      program('rsync', ['-a', pack, `${target}/`]),
    ],
    rollback: [program('rsync', ['-a', '--delete', `${join(place, 'copy')}/`, `${target}/`])],
  };
}

/**
 * What a user has done before the step anyway, not timed: a copy, the newer release checked out.
 * Not within a second of the older one: rsync takes files of one size and second for the same.
 */
function preparations({ after }, place) {
  const clone = join(place, 'clone');
  const git = (...args) => program('git', ['-c', 'advice.detachedHead=false', ...args]);
  return {
    replace: [
      program('cp', ['-a', join(place, 'target'), join(place, 'copy')]),
      node(['-e', 'setTimeout(() => {}, 1100)']),
      git('-C', clone, 'fetch', '--quiet', '--depth', '1', 'origin', 'tag', after),
      git('-C', clone, 'checkout', '--quiet', after),
    ],
  };
}

/**
 * Goes through all steps once in a directory that never existed, A B A B.
 *
 * @returns {Record<string, { ours: number, theirs: number | undefined }>} milliseconds by step;
 *   undefined where rsync is missing
 */
export function runRound(runner, source, { place, rsync, check }) {
  mkdirSync(place);
  const home = join(place, 'home');
  const mine = ourCommands(source, home);
  const theirs = theirCommands(source, place);
  const before = preparations(source, place);
  const times = {};
  for (const { key } of steps) {
    const possible = rsync || !needRsync.includes(key);
    if (possible) runner.run(...(before[key] ?? []));
    times[key] = {
      ours: runner.time(mine[key]),
      theirs: possible ? runner.time(...theirs[key]) : undefined,
    };
    if (check && possible)
      requireSameTree(join(home, 'instances', source.id), join(place, 'target'));
  }
  return times;
}

/** A comparison of two programs that did different things would say nothing. */
function requireSameTree(left, right) {
  const [mine, theirs] = [left, right].map((root) => digests(root));
  const differing = [...theirs].filter(([path, digest]) => mine.get(path) !== digest);
  // Reports that the pack's contracts ask for are the one thing that is ours alone.
  const extra = [...mine.keys()].filter((path) => !theirs.has(path) && !/report/.test(path));
  if (differing.length === 0 && extra.length === 0) return;
  const [path] = [...differing.map(([name]) => name), ...extra];
  throw new Error(`The two sides came to different trees: ${path} in ${left}`);
}

function digests(root) {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
        return [path.slice(root.length + 1), digest];
      }),
  );
}
