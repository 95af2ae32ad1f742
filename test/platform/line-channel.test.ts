import { describe, expect, test } from 'vitest';
import { splitLines } from '../../src/platform/line-channel.ts';

async function linesOf(chunks: readonly string[], limit = 8): Promise<string[]> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const lines: string[] = [];
  for await (const line of splitLines(stream(), limit)) {
    lines.push(line === 'too-long' ? '<too long>' : Buffer.from(line).toString());
  }
  return lines;
}

describe('lines', () => {
  test.each<[what: string, chunks: string[], lines: string[]]>([
    ['in one chunk', ['a\nb\n'], ['a', 'b']],
    ['over several chunks', ['a', 'b\nc', '\n', '\nd'], ['ab', 'c', '', 'd']],
    ['as long as the limit', ['12345678\n'], ['12345678']],
    ['longer than the limit', ['123456789\nok\n'], ['<too long>', 'ok']],
    ['much longer, in pieces', ['12345', '67890', '12345\nok'], ['<too long>', 'ok']],
    ['too long at the end', ['1234567890'], ['<too long>']],
    ['of nothing', [], []],
  ])('%s', async (_what, chunks, lines) => {
    expect(await linesOf(chunks)).toEqual(lines);
  });
});
