import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type {
  JsonSchemaType,
  JsonSchemaValidator,
} from '@modelcontextprotocol/sdk/validation/types.js';
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

const compiled = new Map<string, JsonSchemaValidator<unknown>>();

/** What the client uses by itself, for all clients of a file together: every one asks the same. */
class SharedValidator extends AjvJsonSchemaValidator {
  override getValidator<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
    const key = JSON.stringify(schema);
    const validator = compiled.get(key) ?? super.getValidator<unknown>(schema);
    compiled.set(key, validator);
    return validator as JsonSchemaValidator<T>;
  }
}

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
  const client = new Client(
    { name: 'test', version: '1' },
    { jsonSchemaValidator: new SharedValidator() },
  );
  // The client has a minute for every answer, unless it is told otherwise.
  const request = client.request.bind(client) as (...all: unknown[]) => Promise<unknown>;
  const patient = (asked: unknown, schema: unknown, options?: object) =>
    request(asked, schema, { timeout: 3_600_000, ...options });
  client.request = patient as typeof client.request;
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
