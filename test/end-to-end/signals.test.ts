import { copySync } from 'fs-extra/esm';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { VerifyRun } from '../../src/inspection/verify/verify.ts';
import { isOperationRef } from '../../src/core/operation-ref.ts';
import { twoReleases } from '../support/helper-pack.ts';
import { callsOf, jsonOf, run, startIn, type Program } from '../support/program.ts';
import { recordFigures, sampled } from '../support/sweep.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Command = readonly [Program, ...string[]];
interface Place {
  readonly from: string;
  readonly home: string;
}

const installOld = ({ from, home }: Place): Command => [
  'identity-install',
  ...['helper', '--from', from, '--release', 'v1.0.0', '--home', home],
];
const replace = ({ from, home }: Place): Command => [
  'identity-install',
  ...['helper', '--from', from, '--home', home, '--replace', '--backup'],
];
const undo = ({ home }: Place): Command => ['identity-rollback', 'last', '--home', home];

const operations = [
  { name: 'a first install', before: [], command: installOld },
  { name: 'a replace', before: [installOld], command: replace },
  { name: 'a rollback', before: [installOld, replace], command: undo },
];

test.each(operations)(
  'a signal at any call of $name: finished or undone, 130, and it says which',
  async ({ name, before, command }) => {
    const work = temporaryDirectory();
    const place = { from: twoReleases(100), home: join(work, 'home') };
    const { home } = place;
    for (const earlier of before) expect(run(...earlier(place)).status).toBe(0);
    const saved = join(work, 'saved');
    if (existsSync(home)) copySync(home, saved, { preserveTimestamps: true });
    const instance = join(home, 'instances', 'helper');
    const old = treeOf(instance);
    const restore = () => {
      rmSync(home, { recursive: true, force: true });
      if (existsSync(saved)) copySync(saved, home, { preserveTimestamps: true });
    };
    const calls = await callsOf(work, ...command(place));
    const made = treeOf(instance);
    expect(made).not.toEqual(old);

    const points = sampled([...calls.keys()], 12);
    const seen = { old: 0, new: 0, finished: 0 };
    for (const [index, call] of points.entries()) {
      restore();
      const signal = signals[index % signals.length] ?? 'SIGINT';
      const where = `${signal} before call ${call + 1}, ${calls[call]}`;
      const signalAt = { signal, at: call + 1 };
      const ran = await startIn({ directory: work, signalAt }, ...command(place));
      const journal = join(home, '.identity-install', 'journal');
      const pending = existsSync(journal) ? readdirSync(journal).filter(isOperationRef) : [];
      expect(pending, where).toEqual([]);
      const tree = treeOf(instance);
      const isNew = JSON.stringify(tree) === JSON.stringify(made);
      expect(tree, where).toEqual(isNew ? made : old);
      seen[isNew ? 'new' : 'old'] += 1;
      if (ran.status === 0) {
        // It was through with everything before anybody could be told of a signal.
        seen.finished += 1;
        expect(isNew, where).toBe(true);
      } else {
        expect(ran.status, `${where}: ${ran.stderr}`).toBe(130);
        expect(ran.stderr, where).toContain('Stopping: what is under way is finished or undone');
        // A run that came too far to stop prints its result, one that was undone its error.
        expect(ran.stderr.includes('E_INTERRUPTED'), where).toBe(!isNew);
      }
      expect(ran.stdout !== '', where).toBe(isNew);
      if (isNew || before.length > 0) {
        const verified = run('identity', 'verify', '--home', home, '--json');
        expect(verified.status, `${where}: ${verified.stdout}`).toBe(0);
        expect((jsonOf(verified) as VerifyRun).identities[0]?.problems).toEqual([]);
      }
    }
    expect(seen.old).toBeGreaterThan(0);
    expect(seen.new).toBeGreaterThan(0);
    expect(seen.finished).toBeLessThan(points.length / 2);
    recordFigures(`signals during ${name}`, {
      points: points.length,
      old: seen.old,
      new: seen.new,
      recovered: 0,
      mixed: 0,
      lost: 0,
    });
  },
);
