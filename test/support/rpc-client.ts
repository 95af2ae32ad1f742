import { serve } from '../../src/server/json-rpc/serve.ts';
import type { DiscoveryContext } from '../../src/protocol/discovery/list-identities.ts';
import { discoveryContext } from './discovery.ts';

/** What a server answered and told, and how to make it notice changes. */
export interface RpcTalk {
  /** Sends lines, and gives what came of them. */
  readonly say: (...lines: readonly (string | Uint8Array)[]) => Promise<unknown[]>;
  /** What came in since it was asked for last. */
  readonly heard: () => unknown[];
  /** Directories that are watched now. */
  readonly watched: () => string[];
  /** Tells that a name in a directory changed, as the operating system would; not every one says which. */
  readonly change: (directory: string, name?: string) => void;
  /** Lets time pass: so many milliseconds, or until every timer has fired. */
  readonly wait: (milliseconds?: number) => void;
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
  const watches = new Map<string, Set<(name?: string) => void>>();
  let timers: { readonly due: number; readonly act: () => void }[] = [];
  let now = 0;
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
    watcher: {
      watch(directory, onChange) {
        const listeners = watches.get(directory) ?? new Set();
        watches.set(directory, listeners.add(onChange));
        return () => {
          listeners.delete(onChange);
          if (listeners.size === 0) watches.delete(directory);
        };
      },
    },
    timer: {
      after(milliseconds, act) {
        const set = { due: now + milliseconds, act };
        timers.push(set);
        return () => (timers = timers.filter((each) => each !== set));
      },
    },
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
    watched: () => [...watches.keys()].sort(),
    change: (directory, name) => watches.get(directory)?.forEach((onChange) => onChange(name)),
    wait(milliseconds = 60_000) {
      now += milliseconds;
      for (const set of timers.filter(({ due }) => due <= now)) {
        // One that fired may have called off another.
        if (!timers.includes(set)) continue;
        timers = timers.filter((each) => each !== set);
        set.act();
      }
    },
    defects,
    async hangUp() {
      feed(undefined);
      await ended;
    },
  };
}
