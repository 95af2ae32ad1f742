import { serve } from '../../src/server/json-rpc/serve.ts';
import type { DiscoveryContext } from '../../src/protocol/discovery/list-identities.ts';
import { discoveryContext } from './discovery.ts';
import { holdChanges, type HeldChanges } from './held-changes.ts';

/** What a server answered and told, and how to make it notice changes. */
export interface RpcTalk extends Omit<HeldChanges, 'watcher' | 'timer'> {
  /** Sends lines, and gives what came of them. */
  readonly say: (...lines: readonly (string | Uint8Array)[]) => Promise<unknown[]>;
  /** What came in since it was asked for last. */
  readonly heard: () => unknown[];
  readonly defects: unknown[];
  /** Ends the input, and waits for the server to end. */
  readonly hangUp: () => Promise<void>;
}

/** A server on a channel, a watcher and a timer that the test holds. */
export function talkTo(
  given: Partial<DiscoveryContext> = {},
  roots: readonly string[] = [],
): RpcTalk {
  const queue: (Uint8Array | 'too-long' | undefined)[] = [];
  const output: unknown[] = [];
  const defects: unknown[] = [];
  const { watcher, timer, watched, change, wait } = holdChanges();
  let idle: (() => void) | undefined;
  let wake: (() => void) | undefined;

  async function* lines(): AsyncGenerator<Uint8Array | 'too-long', void, undefined> {
    for (;;) {
      if (queue.length === 0) {
        idle?.();
        await new Promise<void>((resolve) => (wake = resolve));
      }
      const line = queue.shift();
      if (line === undefined) return;
      yield line;
    }
  }

  const ended = serve({
    channel: {
      lines: lines(),
      gone: new AbortController().signal,
      send: async (line) => {
        if (line.includes('\n')) throw new Error('A message is one line.');
        output.push(JSON.parse(line));
      },
    },
    watcher,
    timer,
    discovery: { ...discoveryContext(), ...given },
    roots,
    version: '0.0.0-test',
    onDefect: (error) => defects.push(error),
  });
  const feed = (...more: typeof queue): void => {
    queue.push(...more);
    wake?.();
  };
  return {
    async say(...said) {
      const done = new Promise<void>((resolve) => (idle = resolve));
      feed(...said.map((line) => (typeof line === 'string' ? Buffer.from(line) : line)));
      await done;
      return output.splice(0);
    },
    heard: () => output.splice(0),
    watched,
    change,
    wait,
    defects,
    async hangUp() {
      feed(undefined);
      await ended;
    },
  };
}
