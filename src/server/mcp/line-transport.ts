import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  ErrorCode,
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
} from '@modelcontextprotocol/sdk/types.js';
import { printableJson } from '../../core/printable.ts';
import type { LineChannel } from '../../platform/line-channel.ts';
import { readMessage, rpcCodes } from '../json-rpc/message.ts';
import { problemOfRequest } from './request-schemas.ts';

export interface LineTransport extends Transport {
  /** Passes messages on until the lines end. */
  readonly receive: () => Promise<void>;
}

/** How many answers may wait for the client to read them; beyond that, nothing is read from it. */
const mostUnread = 256;

/**
 * Lines as messages of the Model Context Protocol. The transport of the SDK disconnects on a line
 * that is too long, and does not answer an invalid request, for whose answer the client then waits
 * in vain.
 */
export function createLineTransport(channel: LineChannel): LineTransport {
  const unread = new Set<Promise<void>>();

  const send = async (message: object): Promise<void> => {
    const sent = channel.send(printableJson(JSON.stringify(message)));
    unread.add(sent);
    await sent;
    unread.delete(sent);
  };

  /** The id is that of the request, left out if it is unknown. */
  const refuse = (code: number, message: string, id: unknown): void => {
    transport.onerror?.(new Error(message));
    const known = typeof id === 'string' || Number.isSafeInteger(id);
    void send({ jsonrpc: '2.0', ...(known && { id }), error: { code, message } });
  };

  const take = (line: Uint8Array | 'too-long'): void => {
    if (line === 'too-long') {
      refuse(rpcCodes.invalidRequest, 'The message is too long.', undefined);
      return;
    }
    const read = readMessage(line);
    if (read === undefined) return;
    if ('length' in read) {
      refuse(rpcCodes.invalidRequest, 'This version of the protocol has no batches.', undefined);
      return;
    }
    if ('error' in read) {
      refuse(read.error.code, read.error.message, read.id);
      return;
    }
    const { id, method, params, versioned } = read;
    const message: object = {
      ...(versioned && { jsonrpc: '2.0' }),
      ...(id !== undefined && { id }),
      method,
      ...(params !== undefined && { params: withoutTask(params) }),
    };
    if (isJSONRPCNotification(message)) transport.onmessage?.(message);
    else if (isJSONRPCRequest(message)) {
      const problem = problemOfRequest(message);
      if (problem === undefined) transport.onmessage?.(message);
      else refuse(ErrorCode.InvalidParams, problem, id);
    } else if (id === undefined) transport.onerror?.(new Error('A notification is not valid.'));
    else refuse(rpcCodes.invalidRequest, whyNoRequest(id, versioned), id);
  };

  const transport: LineTransport = {
    start: () => Promise.resolve(),
    send: (message: JSONRPCMessage) => send(message),
    close: () => {
      transport.onclose?.();
      return Promise.resolve();
    },
    async receive() {
      for await (const line of channel.lines) {
        take(line);
        while (unread.size > mostUnread) await Promise.race(unread);
      }
    },
  };
  return transport;
}

/** This server does not offer tasks, and such a server must ignore a request for one. */
function withoutTask(params: unknown): unknown {
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return params;
  return Object.fromEntries(Object.entries(params).filter(([name]) => name !== 'task'));
}

function whyNoRequest(id: unknown, versioned: boolean): string {
  if (!versioned) return 'jsonrpc is not "2.0".';
  if (typeof id === 'string' || Number.isSafeInteger(id)) return 'params must be an object.';
  return 'id must be a string or an integer.';
}
