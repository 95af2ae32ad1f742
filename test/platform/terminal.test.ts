import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import {
  createProcessTerminal,
  wantsColour,
  type ProcessStreams,
} from '../../src/platform/terminal.ts';

class FakeStream extends EventEmitter {
  readonly written: string[] = [];
  readonly isTTY: boolean;
  columns = 120;
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.written.push(text);
  }
}

function fakeStreams(outIsTerminal: boolean, errIsTerminal: boolean) {
  const stdout = new FakeStream(outIsTerminal);
  const stderr = new FakeStream(errIsTerminal);
  return { stdin: {}, stdout, stderr, env: { TERM: 'xterm' } } satisfies ProcessStreams;
}

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ TERM: 'dumb' }, true, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: 'false' }, true, false],
  [{ FORCE_COLOR: '' }, false, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
])('colour with %j, on a terminal: %s', (variables, onTerminal, colour) => {
  expect(wantsColour(variables, onTerminal)).toBe(colour);
});

test('one stream in a file means no colour', () => {
  expect(createProcessTerminal(fakeStreams(true, true)).colour).toBe(true);
  expect(createProcessTerminal(fakeStreams(true, false)).colour).toBe(false);
  expect(createProcessTerminal(fakeStreams(false, true)).colour).toBe(false);
});

test('text for people goes to standard error, unchanged', () => {
  const streams = fakeStreams(false, true);
  const terminal = createProcessTerminal(streams);
  terminal.err('note\n');
  expect(streams.stderr.written).toEqual(['note\n']);
  expect(terminal).toMatchObject({ outIsTerminal: false, errIsTerminal: true, columns: 120 });
});

test.each(['EPIPE', 'EIO', 'ENOSPC'])('after %s nothing is said any more', (code) => {
  const streams = fakeStreams(false, false);
  const terminal = createProcessTerminal(streams);
  terminal.err('heard');
  streams.stderr.emit('error', Object.assign(new Error(code), { code }));
  terminal.err('lost');
  expect(streams.stderr.written).toEqual(['heard']);
});

test('a terminal that says it is 0 wide is taken for 80', () => {
  const streams = fakeStreams(true, true);
  streams.stdout.columns = 0;
  expect(createProcessTerminal(streams).columns).toBe(120);
  streams.stderr.columns = 0;
  expect(createProcessTerminal(streams).columns).toBe(80);
});
