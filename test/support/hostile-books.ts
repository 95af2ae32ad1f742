import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { helperRelease } from './helper-pack.ts';
import {
  expectRefused,
  makeScene,
  sceneIn,
  soundPack,
  type Refusal,
  type Runner,
} from './hostile-scene.ts';
import { keptPlaces } from './kept-places.ts';
import type { Program } from './program.ts';

/** A scene with two operations on record: the install of v1.0.0, and a replace with a snapshot. */
async function makeBooks(directory: string, runAs?: Runner): Promise<void> {
  const { repository, run } = await makeScene(directory, runAs);
  const newer = { ...soundPack, 'IDENTITY_PROMPT.md': 'prompt two\n' };
  repository.annotate('v2.0.0', repository.commit(helperRelease(newer)));
  await run('identity-install', 'helper', '--replace', '--backup');
}

const places = keptPlaces(makeBooks);

/** Books for the running test alone. */
export async function openBooks(runAs?: Runner) {
  return booksIn(await places(), runAs);
}

/** Books for all tests of a `describe` or a file. @param place empty, kept for as long as they are used */
export async function openSharedBooks(place: string, runAs?: Runner) {
  await makeBooks(place, runAs);
  return booksIn(place, runAs);
}

function booksIn(place: string, runAs?: Runner) {
  const scene = sceneIn(place, runAs);
  const { run, state } = scene;
  const ledger = join(state, 'ledger.jsonl');
  const [first = '', last = ''] = readFileSync(ledger, 'utf8')
    .split('\n')
    .map((line) => /"ref":"([^"]+)"/.exec(line)?.[1] ?? '');
  const evidence = (ref: string) => join(state, 'evidence', `${ref}.json`);
  const snapshot = join(state, 'snapshots', last);
  /** Damages a file until the end of the test; without a change, removes it. */
  const edit = (path: string, change?: (text: string) => string | Uint8Array) => {
    const whole = readFileSync(path);
    onTestFinished(() => writeFileSync(path, whole));
    if (change === undefined) rmSync(path);
    else writeFileSync(path, change(whole.toString()));
  };
  const refuses = (refusal: Refusal, program: Program, ...args: string[]) =>
    expectRefused(() => run(program, ...args), refusal, [place]);
  return { ...scene, ledger, first, last, evidence, snapshot, edit, refuses };
}
