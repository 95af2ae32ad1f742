import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createPrompt } from '../../src/platform/prompt.ts';

const options = ['code-reviewer  Reviews code', 'writer', '\u001b[31mred'];

/** Asks with the given input already typed; says what was chosen and what was shown. */
async function asked(typed: string, terminal = { inIsTerminal: true, errIsTerminal: true }) {
  const input = new PassThrough();
  const output = new PassThrough();
  input.end(typed);
  const chosen = await createPrompt({ terminal, input, output }).choose('Which one?', options);
  // Newer versions of Node hand out what was written piece by piece.
  const read = () => output.read() as Buffer | null;
  let shown = '';
  for (let part = read(); part !== null; part = read()) shown += part.toString();
  return { chosen, shown };
}

test.each([
  ['2\n', 1],
  [' 1 \n', 0],
  ['writer\n', 1],
  ['code-reviewer\n', 0],
  ['code\n1\n', 0],
  ['x\n0\n4\n\n3\n', 2],
  ['1e0\n2\n', 1],
  ['', undefined],
  ['9\n', undefined],
])('typing %j chooses %s', async (typed, index) => {
  expect((await asked(typed)).chosen).toBe(index);
});

test('the options are numbered and cannot control the terminal', async () => {
  const { shown } = await asked('1\n');
  expect(shown).toContain('Which one?\n  1) code-reviewer  Reviews code\n  2) writer\n');
  expect(shown).toContain('3) \\u{1b}[31mred');
});

test('an answer that is not valid is reported, and the next message gets a line of its own', async () => {
  const { shown } = await asked('\u001b[2Jx\n\n');
  expect(shown.match(/There is no choice/g)).toHaveLength(1);
  expect(shown).toContain('"\\u{1b}[2Jx"');
  expect(shown.endsWith('\n')).toBe(true);
});

test.each([
  { inIsTerminal: false, errIsTerminal: true },
  { inIsTerminal: true, errIsTerminal: false },
])('without a terminal nobody is asked: %j', async (terminal) => {
  expect(await asked('1\n', terminal)).toEqual({ chosen: undefined, shown: '' });
});

test('Ctrl-C interrupts the run', async () => {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { isTTY: true });
  const terminal = { inIsTerminal: true, errIsTerminal: true };
  const answer = createPrompt({ terminal, input, output }).choose('Which one?', options);
  input.write('\u0003');
  await expect(answer).rejects.toMatchObject({ code: 'E_INTERRUPTED' });
});

test('a line is asked for again while something is wrong with it', async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  input.end('no\n no \n yes \n');
  const terminal = { inIsTerminal: true, errIsTerminal: true };
  const answer = await createPrompt({ terminal, input, output }).ask('Sure?', (given) =>
    given === 'no' ? 'Not "no"\u202e.' : undefined,
  );
  expect(answer).toBe('yes');
  output.end();
  const shown = (await output.toArray()).join('');
  expect(shown).toBe('Sure? Not "no"\\u{202e}.\nSure? Not "no"\\u{202e}.\nSure? ');
});
