import { printableJson } from '../../core/printable.ts';
import type { LineChannel } from '../../platform/line-channel.ts';
import type { Timer } from '../../platform/timer.ts';
import type { Watcher } from '../../platform/watcher.ts';
import type { DiscoveryContext } from '../../protocol/discovery/list-identities.ts';
import { createChangeNotifier } from '../changes.ts';
import {
  answer,
  readMessage,
  rpcCodes,
  unreadable,
  type Incoming,
  type Outcome,
} from './message.ts';
import { callMethod, type MethodContext } from './methods.ts';

export interface ServeOptions {
  readonly channel: LineChannel;
  readonly watcher: Watcher;
  readonly timer: Timer;
  readonly discovery: DiscoveryContext;
  /** Searched after the extra roots of every request. */
  readonly roots: readonly string[];
  readonly version: string;
  /** Called for defects of ours, which a client only sees as internal errors. */
  readonly onDefect: (error: unknown) => void;
}

/**
 * Answers JSON-RPC 2.0, one message on a line, until the lines end. One message is answered before
 * the next is read, so nothing is read from a client that does not read its answers.
 */
export async function serve({ channel, watcher, timer, ...given }: ServeOptions): Promise<void> {
  // Some readers end a line at other characters than a line feed.
  const send = (message: object): Promise<void> =>
    channel.send(printableJson(JSON.stringify(message)));
  // Notifications use the form of the client.
  let versioned = true;
  const notifier = createChangeNotifier({
    discovery: given.discovery,
    onDefect: given.onDefect,
    watcher,
    timer,
    notify: (cwds) => {
      const message = { method: 'identity/changed', params: { cwds } };
      void send(versioned ? { jsonrpc: '2.0', ...message } : message);
    },
  });
  const context: MethodContext = {
    ...given,
    listed: (request, found) => notifier.follow(request, found),
  };

  const respond = (incoming: Incoming): object | undefined => {
    if ('error' in incoming) return answer(incoming, { error: incoming.error });
    versioned = incoming.versioned;
    const outcome = carryOut(incoming.method, incoming.params, context, given.onDefect);
    const { id } = incoming;
    return id === undefined ? undefined : answer({ id, versioned }, outcome);
  };

  try {
    for await (const line of channel.lines) {
      const response = responseTo(line, respond);
      if (response !== undefined) await send(response);
    }
  } finally {
    notifier.close();
  }
}

function responseTo(
  line: Uint8Array | 'too-long',
  respond: (incoming: Incoming) => object | undefined,
): object | readonly object[] | undefined {
  if (line === 'too-long') return respond(unreadable('invalidRequest', 'The message is too long.'));
  const message = readMessage(line);
  if (message === undefined) return undefined;
  if (!isBatch(message)) return respond(message);
  const responses = message.map(respond).filter((each) => each !== undefined);
  return responses.length === 0 ? undefined : responses;
}

function isBatch(message: Incoming | readonly Incoming[]): message is readonly Incoming[] {
  return Array.isArray(message);
}

/** A defect of ours ends one call, not the server. */
function carryOut(
  method: string,
  params: unknown,
  context: MethodContext,
  onDefect: (error: unknown) => void,
): Outcome {
  try {
    return callMethod(method, params, context);
  } catch (error) {
    onDefect(error);
    return {
      error: { code: rpcCodes.internalError, message: 'The server ran into a defect of its own.' },
    };
  }
}
