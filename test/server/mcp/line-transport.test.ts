import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { LineChannel } from '../../../src/platform/line-channel.ts';
import { createLineTransport } from '../../../src/server/mcp/line-transport.ts';

/** Stands for a line beyond the limit of the channel. */
const tooLong = '<too long>';

/** What becomes of lines: messages that are handed over, and answers that are sent. */
async function take(
  lines: readonly (string | Uint8Array)[],
  send: LineChannel['send'] = async () => undefined,
) {
  const received: unknown[] = [];
  const answered: unknown[] = [];
  const problems: string[] = [];
  async function* all(): AsyncGenerator<Uint8Array | 'too-long'> {
    for (const line of lines) {
      if (line === tooLong) yield 'too-long';
      else yield Buffer.from(line);
    }
  }
  const transport = createLineTransport({
    lines: all(),
    gone: new AbortController().signal,
    async send(line) {
      answered.push(JSON.parse(line));
      await send(line);
    },
  });
  transport.onmessage = (message) => void received.push(message);
  transport.onerror = ({ message }) => void problems.push(message);
  await transport.receive();
  return { received, answered, problems };
}

const request = (given: object): string => JSON.stringify({ jsonrpc: '2.0', id: 1, ...given });
const call = (params: unknown): string => request({ method: 'tools/call', params });
const ping = request({ method: 'ping' });

describe('a line to identity mcp', () => {
  it.each<[what: string, line: string | Uint8Array, code: number, id?: string | number]>([
    ['that is not valid JSON', '{bad', -32700],
    ['that is not valid UTF-8', Buffer.from([0x22, 0xff, 0x22]), -32700],
    ['that begins with a byte order mark', `\ufeff${ping}`, -32700],
    ['that is half of a message', '{"jsonrpc":"2.0","id":1,', -32700],
    ['that is nested without end', '['.repeat(100_000), -32700],
    [
      'with a key that poisons objects',
      request({ method: 'ping' }).replace('id', '__proto__'),
      -32700,
    ],
    ['that is too long', tooLong, -32600],
    ['that is not an object', '"x"', -32600],
    ['that is an empty batch', '[]', -32600],
    ['that is a batch', `[${ping},${ping}]`, -32600],
    ['of another version', '{"jsonrpc":"1.0","id":"a","method":"ping"}', -32600, 'a'],
    ['of no version', '{"id":7,"method":"ping"}', -32600, 7],
    ['without a method', '{"jsonrpc":"2.0","id":7}', -32600, 7],
    ['with a method that is not text', request({ method: 1 }), -32600, 1],
    ['with an id of null', request({ id: null, method: 'ping' }), -32600],
    ['with an id that is a fraction', request({ id: 1.5, method: 'ping' }), -32600],
    [
      'with an id beyond what can be told apart',
      '{"jsonrpc":"2.0","id":1e300,"method":"ping"}',
      -32600,
    ],
    ['with an id that is an object', request({ id: {}, method: 'ping' }), -32600],
    ['with params that are a list', request({ method: 'ping', params: [] }), -32600, 1],
    ['with params that are text', request({ method: 'tools/list', params: 'x' }), -32600, 1],
    ['that calls no tool', call({}), -32602, 1],
    ['that calls a tool by a number', call({ name: 5 }), -32602, 1],
    ['with arguments that are a list', call({ name: 'identity_list', arguments: [] }), -32602, 1],
    ['that reads nothing', request({ method: 'resources/read', params: {} }), -32602, 1],
    [
      'for an unknown level',
      request({ method: 'logging/setLevel', params: { level: 'x' } }),
      -32602,
      1,
    ],
    [
      'with a cursor that is not text',
      request({ method: 'tools/list', params: { cursor: 1 } }),
      -32602,
      1,
    ],
  ])('%s is answered with its error, and the next one is taken', async (_what, line, code, id) => {
    const { received, answered, problems } = await take([line, ping]);
    expect(answered).toEqual([
      {
        jsonrpc: '2.0',
        ...(id !== undefined && { id }),
        error: { code, message: expect.stringMatching(/^[^\n]{1,300}\.$/) },
      },
    ]);
    expect(problems).toHaveLength(1);
    expect(received).toEqual([JSON.parse(ping)]);
  });

  it.each([
    ['that is empty', ''],
    ['of blanks', ' \t\r'],
    ['with an answer', '{"jsonrpc":"2.0","id":1,"result":{}}'],
    ['with an error', '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}'],
    ['with a notification of no version', '{"method":"notifications/initialized"}'],
  ])('%s is not answered', async (_what, line) => {
    const { received, answered } = await take([line, ping]);
    expect(answered).toEqual([]);
    expect(received).toEqual([JSON.parse(ping)]);
  });

  it('may end with a carriage return, and the same id may come twice', async () => {
    const { received } = await take([`${ping}\r`, ping]);
    expect(received).toEqual([JSON.parse(ping), JSON.parse(ping)]);
  });

  it('that wishes for a task is an ordinary call: there are none here', async () => {
    const { received } = await take([call({ name: 'identity_list', task: { ttl: 1 } })]);
    expect(received).toEqual([JSON.parse(call({ name: 'identity_list' }))]);
  });

  it('is not read while too many answers wait to be', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let sent = 0;
    const done = take(
      Array.from({ length: 1000 }, () => 'x'),
      async () => {
        sent += 1;
        await held;
      },
    );
    // Nothing here waits for anything but promises: what one turn does not bring never comes.
    for (let before = -1; sent > before;) {
      before = sent;
      await setImmediate();
    }
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(300);
    release();
    expect((await done).answered).toHaveLength(1000);
  });
});
