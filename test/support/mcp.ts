import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import {
  LoggingMessageNotificationSchema,
  type CallToolResult,
} from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import type { OperationContext } from '../../src/operations/context.ts';
import { createMcpServer } from '../../src/server/mcp/create-mcp-server.ts';
import { discoveryContext } from './discovery.ts';
import { holdChanges } from './held-changes.ts';

/** A document whose members a test looks at as they are. */
export type Answer = Record<string, ReturnType<typeof JSON.parse>>;

/** The official client, connected to a server over the home of a context. */
export async function connectClient(
  context: OperationContext,
  given: { readonly allowWrite?: boolean; readonly workingDirectory?: string } = {},
) {
  const { allowWrite = false, workingDirectory = context.environment.workingDirectory } = given;
  const { watcher, timer, ...changes } = holdChanges();
  const server = createMcpServer({
    watcher,
    timer,
    context,
    discovery: discoveryContext({ workingDirectory, furtherRoots: [context.layout.home] }),
    allowWrite,
    version: '0.0.0-test',
  });
  const client = new Client({ name: 'test', version: '1' });
  const logged: { readonly level: string; readonly data: unknown }[] = [];
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    logged.push({ level: params.level, data: params.data });
  });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await server.connect(theirs);
  await client.connect(ours);
  // The client checks answers against the schemas that it has listed.
  await client.listTools();
  onTestFinished(() => client.close());
  const call = async (name: string, args: Readonly<Record<string, unknown>> = {}) =>
    (await client.callTool({ name, arguments: { ...args } })) as CallToolResult;
  return {
    client,
    server,
    logged,
    changes,
    call,
    /** What a tool answers; fails where it refuses. */
    answer: async (name: string, args?: Readonly<Record<string, unknown>>): Promise<Answer> => {
      const result = await call(name, args);
      if (result.isError === true) throw new Error(textOfResult(result));
      return result.structuredContent as Answer;
    },
    /** The error document of a tool that refuses. */
    refusal: async (name: string, args?: Readonly<Record<string, unknown>>): Promise<Answer> => {
      const result = await call(name, args);
      if (result.isError !== true) throw new Error('It was not refused.');
      return JSON.parse(textOfResult(result)) as Answer;
    },
  };
}

export function textOfResult({ content }: CallToolResult): string {
  const [first] = content;
  return first?.type === 'text' ? first.text : '';
}
