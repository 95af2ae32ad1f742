import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import {
  createProcessTerminal,
  screenOf,
  wantsColour,
  type ProcessStreams,
} from '../../src/platform/terminal.ts';

class FakeStream extends EventEmitter {
  readonly written: string[] = [];
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.written.push(text);
  }
}

function fakeStreams(errIsTerminal: boolean) {
  const stderr = new FakeStream(errIsTerminal);
  return { stdin: {}, stderr, env: { TERM: 'xterm' } } satisfies ProcessStreams;
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

test.each([
  [{ isTTY: true, columns: 120 }, {}, { columns: 120, colour: true }],
  [{ isTTY: true, columns: 0 }, {}, { columns: 80, colour: true }],
  [{ isTTY: true }, { NO_COLOR: '1' }, { columns: 80, colour: false }],
  [{ columns: 120 }, {}, { colour: false }],
  [{}, { FORCE_COLOR: '1' }, { colour: true }],
])('the screen of the stream %j with %j is %j', (stream, variables, screen) => {
  expect(screenOf(stream, variables)).toEqual(screen);
});

test('text for people goes to standard error, unchanged', () => {
  const streams = fakeStreams(true);
  const terminal = createProcessTerminal(streams);
  terminal.err('note\n');
  expect(streams.stderr.written).toEqual(['note\n']);
  expect(terminal).toMatchObject({
    errIsTerminal: true,
    inIsTerminal: false,
    columns: 80,
    colour: true,
  });
});

test.each(['EPIPE', 'EIO', 'ENOSPC'])('after %s nothing is said any more', (code) => {
  const streams = fakeStreams(false);
  const terminal = createProcessTerminal(streams);
  terminal.err('heard');
  streams.stderr.emit('error', Object.assign(new Error(code), { code }));
  terminal.err('lost');
  expect(streams.stderr.written).toEqual(['heard']);
});
