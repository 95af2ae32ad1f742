import {
  ErrorCode,
  type CallToolResult,
  type Tool as DescribedTool,
} from '@modelcontextprotocol/sdk/types.js';
import { InstallError } from '../../core/errors.ts';
import { asInstallError } from '../../core/failure.ts';
import { ioError } from '../../core/io-error.ts';
import { printableJson } from '../../core/printable.ts';
import { contextOfCall, interruption, type Call } from './call.ts';
import { checkArguments } from './json-schema.ts';
import { ProtocolError } from './protocol-error.ts';
import { hintOf } from './remedy-text.ts';
import type { McpServices } from './services.ts';
import type { ShownPlans } from './shown-plans.ts';
import { tools, type AnyTool } from './tools/registry.ts';
import type { Turns } from './turns.ts';

/** What outlives a single call. */
export interface ToolBench {
  readonly services: McpServices;
  readonly plans: ShownPlans;
  readonly turns: Turns;
}

/** `tools/list`: tools that write are listed only if writing is allowed. */
export function describeTools({ allowWrite }: McpServices): DescribedTool[] {
  return tools.filter(({ writes }) => allowWrite || !writes).map(describe);
}

function describe(tool: AnyTool): DescribedTool {
  const { name, title, description, inputSchema, outputSchema, writes, reachesOut } = tool;
  return {
    name,
    title,
    description,
    inputSchema: { ...inputSchema },
    outputSchema: { ...outputSchema },
    annotations: {
      readOnlyHint: !writes,
      destructiveHint: writes,
      // A digest that was applied no longer belongs to any plan.
      idempotentHint: true,
      openWorldHint: reachesOut,
    },
  };
}

/**
 * `tools/call`. An error of a tool is a result that the agent can read, with code and hint, in the
 * form of the command line's JSON; only an unknown tool is an error of the protocol.
 *
 * @throws ProtocolError -32602 for an unknown tool
 */
export async function callTool(
  { services, plans, turns }: ToolBench,
  { name, given }: { readonly name: string; readonly given: unknown },
  call: Call,
): Promise<CallToolResult> {
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) {
    throw new ProtocolError(ErrorCode.InvalidParams, 'There is no such tool.', { tool: name });
  }
  call.log('debug', `${name} begins.`);
  try {
    if (tool.writes && !services.allowWrite) throw writeRefused(name);
    const context = contextOfCall(services.context, call);
    // Arguments that match a tool's schema have the type that the tool takes.
    const input = checkArguments(name, tool.inputSchema, given ?? {}) as never;
    const work = async () => ({ ...(await tool.run(input, { services, context, plans })) });
    const answer = await (tool.locksHome ? turns.take(call.signal, work) : work());
    // A cancelled call gets no answer, so this goes to the log.
    if (call.signal.aborted) {
      call.log(
        'warning',
        `${name} was too far along to be stopped and has finished: identity_status shows it.`,
      );
    } else call.log('info', `${name} is done.`);
    return { content: [jsonContent(answer)], structuredContent: answer };
  } catch (caught) {
    // The reason for the abort says more than what the aborted call throws.
    const stopped = call.signal.aborted && !(caught instanceof InstallError);
    const error = stopped ? interruption(call.signal) : errorOf(caught, services);
    const { code, message, remedy, details, exitCode } = error;
    const fate = code === 'E_INTERRUPTED' ? 'was stopped and changed no instance' : 'failed';
    call.log(code === 'E_BUG' ? 'error' : 'warning', `${name} ${fate}: ${code}: ${message}`);
    const schema = 'identity-install/error@1';
    return {
      isError: true,
      content: [jsonContent({ schema, exitCode, code, message, hint: hintOf(remedy), details })],
    };
  }
}

/** A home that cannot be read or written is not a defect of the program, wherever it is noticed. */
function errorOf(caught: unknown, { context }: McpServices): InstallError {
  return asInstallError(ioError(caught, `working in ${context.layout.home}`), 'The server');
}

function jsonContent(value: object): { type: 'text'; text: string } {
  return { type: 'text', text: printableJson(JSON.stringify(value, null, 2)) };
}

function writeRefused(tool: string): InstallError {
  return new InstallError(
    'E_WRITE_NOT_ALLOWED',
    `${tool} changes instances, which this server may not do.`,
    {
      remedy: { kind: 'option', option: 'allowWrite', to: 'let it change them' },
      details: { tool },
    },
  );
}
