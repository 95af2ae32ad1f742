import { expect, it } from 'vitest';
import { mcp } from '../../../src/cli/commands/mcp.ts';
import type { Composition } from '../../../src/cli/composition.ts';
import { readGlobalOptions } from '../../../src/cli/options/global-options.ts';
import { given } from '../../support/commands.ts';

it.each([
  ['', false],
  ['--allow-write', true],
])('serves with %j, writing allowed: %s, and has nothing to show', async (line, allowed) => {
  const served: boolean[] = [];
  const composition = {
    serveMcp: async (allowWrite: boolean) => void served.push(allowWrite),
  } as Composition;
  const taken = given(mcp, line);
  const outcome = await mcp.prepare(taken)({
    composition,
    options: readGlobalOptions(taken),
    launcher: (program) => program,
  });
  expect(served).toEqual([allowed]);
  expect(outcome).toMatchObject({ exitCode: 0 });
  expect(outcome.document).toBeUndefined();
});

it('refuses names', () => {
  expect(() => mcp.prepare(given(mcp, 'ab'))).toThrow('"identity mcp" takes no names.');
});
