import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTally, judge, viewOf, type Ends } from '../../support/aftermath.ts';
import { makeKiller, type Kill, type Killer } from '../../support/killer.ts';
import { liveIn, twoHelperReleases, userContents } from '../../support/lived-in.ts';
import { jsonOf, run, type Program } from '../../support/program.ts';
import { makeRepository } from '../../support/repository.ts';
import { recordFigures, sampled } from '../../support/sweep.ts';
import { suiteDirectory, temporaryDirectory } from '../../support/temporary-directory.ts';
import { copyTree } from '../../support/tree.ts';
import { openWorkshop } from '../../support/workshop.ts';

/** One home, and where it installs from. */
interface Place {
  readonly home: string;
  readonly from: string;
  readonly killer: Killer;
}

/** A command line of a built program. */
type Command = (place: Place) => readonly [Program, ...string[]];
type Step = (place: Place) => void;

const firstInstall: Command = ({ home, from }) => [
  'identity-install',
  'helper',
  ...['--home', home, '--from', from, '--release', 'v1.0.0', '--register'],
];
const replace: Command = ({ home, from }) => [
  'identity-install',
  'helper',
  ...['--home', home, '--from', from, '--replace', '--backup', '--prune'],
];
const rollback: Command = ({ home }) => ['identity-rollback', 'last', '--home', home];
const recover: Command = ({ home }) => ['identity', 'recover', '--home', home, '--json'];

const done =
  (command: Command): Step =>
  (place) => {
    const [program, ...args] = command(place);
    const { status, stderr } = run(program, ...args);
    expect(status, stderr).toBe(0);
  };
const live: Step = ({ home }) => liveIn(join(home, 'instances', 'helper'));

/** A replace that was killed before the last call of this kind. */
function killedAt(pattern: RegExp): Step {
  return (place) => {
    const elsewhere = { ...place, home: join(temporaryDirectory(), 'home') };
    copyTree(place.home, elsewhere.home);
    const { calls } = place.killer.run(elsewhere.home, undefined, ...replace(elsewhere));
    const at = calls.findLastIndex((call) => pattern.test(call)) + 1;
    const { killed } = place.killer.run(place.home, { at, when: 'before' }, ...replace(place));
    expect(killed).toBe(true);
  };
}

/** As if the replace had met something unexpected, and had been killed while it went back. */
const aborting: Step = ({ home }) => {
  const journal = join(home, '.identity-install', 'journal');
  const [ref = ''] = readdirSync(journal);
  writeFileSync(join(journal, ref, 'abort'), '', { mode: 0o600 });
};

interface Operation {
  readonly name: string;
  readonly before: readonly Step[];
  readonly command: Command;
  /** The operation that is settled; else the command itself. */
  readonly settles?: Pick<Operation, 'before' | 'command'>;
  /** Sources other than a repository. */
  readonly bundled?: boolean;
}

const replaced = { before: [done(firstInstall), live], command: replace };
const operations: readonly Operation[] = [
  { name: 'first install', before: [], command: firstInstall },
  { name: 'first install from a bundle', before: [], command: firstInstall, bundled: true },
  { name: 'replace', ...replaced },
  {
    name: 'rollback of a replace',
    before: [...replaced.before, done(replace)],
    command: rollback,
  },
  { name: 'rollback of a first install', before: [done(firstInstall)], command: rollback },
  {
    name: 'recovery that discards',
    before: [...replaced.before, killedAt(/^openat .*\/commit$/)],
    command: recover,
    settles: replaced,
  },
  {
    name: 'recovery forward',
    before: [...replaced.before, killedAt(/^renameat2 /)],
    command: recover,
    settles: replaced,
  },
  {
    name: 'recovery backward',
    before: [...replaced.before, killedAt(/^renameat2 /), aborting],
    command: recover,
    settles: replaced,
  },
];

async function endsOf({ before, command }: Pick<Operation, 'before' | 'command'>, place: Place) {
  const apart = { ...place, home: join(temporaryDirectory(), 'home') };
  for (const step of before) step(apart);
  const { context } = openWorkshop(apart.home);
  const old = await viewOf(context);
  done(command)(apart);
  const contents = before.includes(live) ? userContents : [];
  return { before: old, after: await viewOf(context), contents } satisfies Ends;
}

/** Kills an operation at its system calls, and lets the next command settle what is left. */
async function sweep(operation: Operation, killer: Killer, atMost: number) {
  const { before, command, settles = operation, bundled = false } = operation;
  const source = makeRepository(twoHelperReleases).path;
  const from = bundled ? bundleOf(source) : source;
  const place: Place = { home: join(temporaryDirectory(), 'home'), from, killer };
  const { home } = place;
  const ends = await endsOf(settles, place);
  expect(ends.after).not.toEqual(ends.before);

  for (const step of before) step(place);
  const saved = join(temporaryDirectory(), 'saved');
  const hadHome = existsSync(home);
  if (hadHome) copyTree(home, saved);
  const restore = () => {
    // A git that outlived its parent may still write.
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
    if (hadHome) copyTree(saved, home);
  };
  const { calls, status, stderr } = killer.run(home, undefined, ...command(place));
  expect(status, stderr).toBe(0);
  expect(calls.length).toBeGreaterThan(10);

  const tally = createTally();
  for (const kill of sampled(killsOf(calls), atMost)) {
    restore();
    const where = `${kill.when} ${kill.at}: ${calls[kill.at - 1] ?? ''}`;
    const { killed } = killer.run(home, kill, ...command(place));
    expect(killed, where).toBe(true);
    const settled = run(...recover(place));
    const { recovered } = jsonOf(settled) as { readonly recovered?: readonly object[] };
    expect(recovered, `${where}: ${settled.stdout}`).toBeDefined();
    const { context } = openWorkshop(home);
    let verdict = await judge(context, ends);
    // A release store that was left in the middle must not stop the next install.
    if (verdict.end === 'old' && settles.command !== rollback) {
      const [program, ...args] = settles.command(place);
      const again = run(program, ...args);
      const anew = await judge(context, ends);
      if (anew.end !== 'new') {
        const why = `then not done: ${again.stderr} ${anew.why}`;
        verdict = { end: 'mixed', lost: anew.lost, why };
      }
    }
    tally.add(where, verdict, (recovered ?? []).length > 0);
  }
  return tally;
}

/** Before every call, which is after the one before it, and after the last. */
function killsOf(calls: readonly string[]): Kill[] {
  const before = calls.map((_call, index): Kill => ({ at: index + 1, when: 'before' }));
  return [...before, { at: calls.length, when: 'after' }];
}

function bundleOf(repository: string): string {
  const bundle = join(temporaryDirectory(), 'source.bundle');
  execFileSync('git', ['-C', repository, 'bundle', 'create', '--quiet', bundle, '--tags']);
  return bundle;
}

describe('SIGKILL at a system call of the programs', () => {
  const directory = suiteDirectory();
  let killer: ReturnType<typeof makeKiller>;
  beforeAll(() => void (killer = makeKiller(directory)));

  test.for(operations)(
    'a $name leaves the old or the new state, and loses nothing',
    async (operation, { skip }) => {
      if ('reason' in killer) return skip(killer.reason);
      const { figures, failures } = await sweep(operation, killer, 3);
      recordFigures(`SIGKILL at a system call: ${operation.name}`, figures);
      expect(failures).toEqual([]);
    },
  );
});
