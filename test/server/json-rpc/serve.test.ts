import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { discoveryContext, rootSeed } from '../../support/discovery.ts';
import { talkTo } from '../../support/rpc-client.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const request = (method: string, params?: unknown, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

describe('a message', () => {
  test.each<[what: string, line: string | Uint8Array, code: number, id: unknown]>([
    ['that is not valid JSON', '{bad', -32700, null],
    ['that is not valid UTF-8', Buffer.from([0x22, 0xff, 0x22]), -32700, null],
    ['that is nested without end', '['.repeat(100_000), -32700, null],
    [
      'with a key that poisons objects',
      '{"__proto__":{},"id":1,"method":"initialize"}',
      -32700,
      null,
    ],
    ['that is not an object', '"x"', -32600, null],
    ['that is an empty batch', '[]', -32600, null],
    ['that is an endless batch', JSON.stringify(Array(101).fill(1)), -32600, null],
    ['of another version', '{"jsonrpc":"1.0","id":7,"method":"initialize"}', -32600, 7],
    ['without a method', '{"id":"a"}', -32600, 'a'],
    ['with an id that is an object', '{"id":{},"method":"initialize"}', -32600, null],
    [
      'with an id beyond what numbers hold',
      '{"id":9007199254740993,"method":"initialize"}',
      -32600,
      null,
    ],
    ['for an unknown method', request('nothing/here'), -32601, 1],
    ['for a method of objects', request('toString'), -32601, 1],
    ['with params that are a list', request('identity/list', []), -32602, 1],
    ['with a cwd that is not text', request('identity/list', { cwds: [1] }), -32602, 1],
    ['with a NUL in a root', request('identity/list', { extraRoots: ['a\0'] }), -32602, 1],
    [
      'with a flag that is neither true nor false',
      request('identity/list', { forceReload: 1 }),
      -32602,
      1,
    ],
    ['that reads without an id', request('identity/read', {}), -32602, 1],
    ['that reads what is not there', request('identity/read', { id: 'nobody' }), -32602, 1],
  ])('%s is answered with its error, and the next one is served', async (_what, line, code, id) => {
    const talk = talkTo();
    expect(await talk.say(line)).toEqual([
      expect.objectContaining({ id, error: expect.objectContaining({ code }) }),
    ]);
    expect(await talk.say(request('initialize'))).toEqual([
      expect.objectContaining({ id: 1, result: expect.anything() }),
    ]);
    expect(talk.defects).toEqual([]);
    await talk.hangUp();
  });

  test('without "jsonrpc" is answered without; a notification, an answer and an empty line not at all', async () => {
    const talk = talkTo();
    const [answer] = await talk.say('{"id":1,"method":"initialize"}');
    expect(Object.keys(answer as object)).toEqual(['id', 'result']);
    expect(await talk.say('{"method":"initialized"}', '{"method":"unknown"}', ' ', '')).toEqual([]);
    // What answers an answer may talk with its like for ever.
    const answers = ['{"id":1,"result":{}}', '{"id":null,"error":{"code":1}}'];
    expect(await talk.say(...answers, `[${answers.join()}]`)).toEqual([]);
    await talk.hangUp();
  });

  test('of several calls is answered with a list, notifications left out', async () => {
    const talk = talkTo();
    const batch = [{ id: 1, method: 'initialize' }, { method: 'initialized' }, 3];
    const [answers] = await talk.say(JSON.stringify(batch));
    expect(answers).toMatchObject([{ id: 1 }, { id: null, error: { code: -32600 } }]);
    await talk.hangUp();
  });

  test('that meets a defect of ours is answered, and the server goes on', async () => {
    const fs = {
      ...discoveryContext().fs,
      realPath: () => {
        throw new TypeError('broken');
      },
    };
    const talk = talkTo({ fs });
    expect(await talk.say(request('identity/list', {}))).toMatchObject([
      { error: { code: -32603 } },
    ]);
    expect(talk.defects).toHaveLength(1);
    expect(await talk.say(request('initialize'))).toHaveLength(1);
    await talk.hangUp();
  });
});

describe('identity/read', () => {
  const open = () => {
    const root = temporaryDirectory({
      ...rootSeed(['ab']),
      'identity/packs/ab/runtime/x.bin': 'x',
      'secret.txt': 'secret',
    });
    const pack = join(root, 'identity/packs/ab');
    symlinkSync(join(root, 'secret.txt'), join(pack, 'link.md'));
    symlinkSync(root, join(pack, 'way'));
    writeFileSync(join(pack, 'bytes'), Buffer.from([0xff, 0x00]));
    writeFileSync(join(pack, 'large'), Buffer.alloc(1024 * 1024 + 1));
    return { root, talk: talkTo() };
  };

  test('lists the files of a pack, and reads text as text and bytes as base64', async () => {
    const { root, talk } = open();
    const ask = (path?: string): string => request('identity/read', { id: 'ab', cwd: root, path });
    expect(await talk.say(ask(), ask('IDENTITY_PROMPT.md'), ask('bytes'))).toMatchObject([
      {
        result: {
          truncated: false,
          files: [
            { path: 'IDENTITY_PROMPT.md', size: 5 },
            { path: 'bytes', size: 2 },
            { path: 'large', size: 1024 * 1024 + 1 },
            { path: 'runtime/x.bin', size: 1 },
          ],
        },
      },
      { result: { encoding: 'utf-8', content: '# ab\n' } },
      { result: { encoding: 'base64', content: '/wA=' } },
    ]);
    await talk.hangUp();
  });

  test('lists no file that it would not read', async () => {
    const { root, talk } = open();
    writeFileSync(join(root, 'identity/packs/ab/back\\slash.md'), 'no path on every system');
    const [{ result }] = (await talk.say(request('identity/read', { id: 'ab', cwd: root }))) as [
      { result: { files: readonly { path: string }[] } },
    ];
    expect(result.files.map(({ path }) => path)).not.toContain('back\\slash.md');
    expect(result.files).toHaveLength(4);
    await talk.hangUp();
  });

  test.each([
    ['../../../secret.txt', 'not-plain'],
    ['/etc/passwd', 'not-plain'],
    ['runtime/../IDENTITY_PROMPT.md', 'not-plain'],
    ['', 'not-plain'],
    ['link.md', 'not-found'],
    ['way/secret.txt', 'not-found'],
    ['runtime', 'not-found'],
    ['nothing', 'not-found'],
    ['large', 'too-large'],
  ])('never leaves the pack or its bounds: "%s" is %s', async (path, reason) => {
    const { root, talk } = open();
    const ask = request('identity/read', { id: 'ab', cwd: root, path });
    expect(await talk.say(ask)).toMatchObject([{ error: { code: -32602, data: { reason } } }]);
    await talk.hangUp();
  });
});
