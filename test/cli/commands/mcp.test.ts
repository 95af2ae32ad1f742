import { expect, it } from 'vitest';
import { mcp } from '../../../src/cli/commands/mcp.ts';
import type { Composition } from '../../../src/cli/composition.ts';
import { readGlobalOptions } from '../../../src/cli/options/global-options.ts';
import { given } from '../../support/commands.ts';
import { discoveryContext } from '../../support/discovery.ts';
import type { Answer } from '../../support/mcp.ts';
import { request } from '../../support/stdio-server.ts';
import { openWorkshop } from '../../support/workshop.ts';

const asked = [
  request(1, 'initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  }),
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  request(2, 'tools/list'),
];

/** A client that asks for the tools and goes away. */
async function* lines(): AsyncGenerator<Uint8Array> {
  for (const message of asked) yield Buffer.from(JSON.stringify(message));
}

it.each([
  ['', ['identity_plan_install'], ['identity_install', 'identity_rollback']],
  ['--allow-write', ['identity_plan_install', 'identity_install', 'identity_rollback'], []],
])('serves with %j the tools %j, and not %j, and has nothing to show', async (line, some, none) => {
  const answers: Answer[] = [];
  const composition = {
    openHome: () => openWorkshop().context,
    discovery: async () => discoveryContext(),
    serving: async () => ({
      channel: {
        lines: lines(),
        send: async (text: string) => void answers.push(JSON.parse(text) as Answer),
        gone: new AbortController().signal,
      },
      signal: new AbortController().signal,
      watcher: { watch: () => undefined },
      timer: { after: () => () => undefined },
    }),
    say: () => undefined,
  } as unknown as Composition;
  const taken = given(mcp, line);
  const outcome = await mcp.prepare(taken)({
    composition,
    options: readGlobalOptions(taken),
    launcher: (program) => program,
  });
  const listed = answers.find(({ id }) => id === 2)?.['result'].tools as { name: string }[];
  const names = listed.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(some));
  expect(names.filter((name) => none.includes(name))).toEqual([]);
  expect(outcome).toMatchObject({ exitCode: 0 });
  expect(outcome.document).toBeUndefined();
});

it('refuses names', () => {
  expect(() => mcp.prepare(given(mcp, 'ab'))).toThrow('"identity mcp" takes no names.');
});
