import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { helperRelease } from './helper-pack.ts';
import { expectRefused, openScene, soundPack, type Refusal } from './hostile-scene.ts';
import type { Program } from './program.ts';

/** Two operations on record: the install of v1.0.0, and a replace with a snapshot. */
export function openBooks(place: string) {
  const scene = openScene(place);
  const { repository, run, state } = scene;
  const newer = { ...soundPack, 'IDENTITY_PROMPT.md': 'prompt two\n' };
  repository.annotate('v2.0.0', repository.commit(helperRelease(newer)));
  run('identity-install', 'helper', '--replace', '--backup');
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
