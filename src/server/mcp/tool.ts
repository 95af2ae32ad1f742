import type { OperationContext } from '../../operations/context.ts';
import type { ObjectSchema } from './json-schema.ts';
import type { McpServices } from './services.ts';
import type { ShownPlans } from './shown-plans.ts';

/** What a tool is given besides its arguments. */
export interface ToolSetting {
  readonly services: McpServices;
  /** Of this call: with its own progress and signal. */
  readonly context: OperationContext;
  readonly plans: ShownPlans;
}

/** One tool: what `tools/list` says of it, and what a call does. */
export interface Tool<Input> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What fits it has the form of `Input`. */
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  /** Whether a call can change an instance; then it is there only with `--allow-write`. */
  readonly writes: boolean;
  /** Whether a call locks the home, and so waits for others that do. */
  readonly locksHome: boolean;
  /** Whether a call may reach a server that somebody named. */
  readonly reachesOut: boolean;
  /** What it answers fits the output schema; throws what the work throws. */
  readonly run: (input: Input, setting: ToolSetting) => object | Promise<object>;
}
