import { expect, it } from 'vitest';
import { serve } from '../../../src/cli/commands/serve.ts';
import type { Composition } from '../../../src/cli/composition.ts';
import { readGlobalOptions } from '../../../src/cli/options/global-options.ts';
import { given } from '../../support/commands.ts';
import { discoveryContext } from '../../support/discovery.ts';

/** The input of a server whose client is gone. */
async function* noLines(): AsyncGenerator<Uint8Array> {
  yield* [];
}

it('ends when its client is gone, and has nothing to show', async () => {
  const composition = {
    discovery: async () => discoveryContext(),
    serving: async () => ({
      channel: {
        lines: noLines(),
        send: async () => undefined,
        gone: new AbortController().signal,
      },
      watcher: { watch: () => undefined },
      timer: { after: () => () => undefined },
    }),
  } as unknown as Composition;
  const taken = given(serve, '--root r');
  const outcome = await serve.prepare(taken)({
    composition,
    options: readGlobalOptions(taken),
    launcher: (program) => program,
  });
  expect(outcome).toMatchObject({ exitCode: 0 });
  expect(outcome.document).toBeUndefined();
});

it('refuses names', () => {
  expect(() => serve.prepare(given(serve, 'ab'))).toThrow('"identity serve" takes no names.');
});
