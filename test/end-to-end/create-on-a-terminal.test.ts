import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programFile, runIn } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

/** `script` of util-linux gives a program a terminal of its own; the one of the BSDs knows no such options. */
const hasScript = String(spawnSync('script', ['--version']).stdout).includes('util-linux');

interface Line {
  /** What is waited for on the screen. */
  readonly shown: string;
  readonly typed: string;
}

/** Runs `identity create` on a terminal, as somebody who reads a question before they answer. */
async function onTerminal(directory: string, lines: readonly Line[], ...args: string[]) {
  const words = [process.execPath, programFile('identity'), 'create', ...args];
  const child = spawn(
    'script',
    ['--quiet', '--return', '--command', words.join(' '), '/dev/null'],
    {
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: directory, LC_ALL: 'C', TERM: 'dumb', NO_COLOR: '1' },
      timeout: 240_000,
    },
  );
  const waiting = [...lines];
  let screen = '';
  let read = 0;
  child.stdout.on('data', (chunk) => {
    screen += String(chunk);
    const [next] = waiting;
    const at = next === undefined ? -1 : screen.indexOf(next.shown, read);
    if (next === undefined || at < 0) return;
    read = at + next.shown.length;
    waiting.shift();
    child.stdin.write(next.typed);
  });
  const status = await new Promise<number | null>((resolve) => void child.on('close', resolve));
  return { status, screen };
}

describe.skipIf(!hasScript)('create on a terminal (where `script` can give it one)', () => {
  test('asks, again where an answer is not valid, and writes what a command line would have', async () => {
    const directory = temporaryDirectory();
    const { status, screen } = await onTerminal(directory, [
      { shown: 'dashes: ', typed: 'Night\r' },
      { shown: 'dashes: ', typed: 'night-watch\r' },
      { shown: '[Night watch]: ', typed: '\r' },
      { shown: 'sentence: ', typed: 'no\r' },
      { shown: 'sentence: ', typed: 'Looks after the service.\r' },
      { shown: 'achieve: ', typed: 'Find out: "why"?\r' },
    ]);
    expect(status, screen).toBe(0);
    expect(screen).toContain('"Night" is not a valid identity id');
    expect(screen).toContain('The description of a new pack is shorter than 8 characters.');
    expect(screen).toMatch(/night-watch: \d+ files written in/);
    const typed = temporaryDirectory();
    const texts = ['--title', 'Night watch', '--description', 'Looks after the service.'];
    const args = ['create', 'night-watch', ...texts, '--objective', 'Find out: "why"?'];
    expect(runIn({ directory: typed }, 'identity', ...args).status).toBe(0);
    expect(Object.keys(treeOf(directory))).toEqual(Object.keys(treeOf(typed)));
    const prompt = 'identity/packs/night-watch/IDENTITY_PROMPT.md';
    expect(treeOf(directory)[prompt]).toBe(treeOf(typed)[prompt]);
  });

  test.each([
    ['Ctrl-C', '\u0003', 130, 'E_INTERRUPTED'],
    ['Ctrl-D', '\u0004', 2, '--description "…" --objective "…"'],
  ])('%s ends it and leaves nothing behind', async (_key, typed, exitCode, said) => {
    const directory = temporaryDirectory();
    const lines = [
      { shown: '[Night watch]: ', typed: '\r' },
      { shown: 'sentence: ', typed },
    ];
    const { status, screen } = await onTerminal(directory, lines, 'night-watch');
    expect(status, screen).toBe(exitCode);
    // On a terminal an error is wrapped.
    expect(screen.replaceAll(/\s+/g, ' ')).toContain(said);
    expect(existsSync(join(directory, 'identity'))).toBe(false);
  });
});
