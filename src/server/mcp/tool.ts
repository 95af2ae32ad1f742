import type { OperationContext } from '../../operations/context.ts';
import type { ObjectSchema } from './json-schema.ts';
import type { McpServices } from './services.ts';
import type { ShownPlans } from './shown-plans.ts';

/** What a tool receives besides its arguments. */
export interface ToolSetting {
  readonly services: McpServices;
  /** The context of this call, with its own progress and signal. */
  readonly context: OperationContext;
  readonly plans: ShownPlans;
}

/** One tool: its description in `tools/list`, and what a call does. */
export interface Tool<Input> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Arguments that match it have the type `Input`. */
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  /** Whether a call can change an instance; such a tool exists only with `--allow-write`. */
  readonly writes: boolean;
  /** Whether a call locks the home, and so has to wait for others that do. */
  readonly locksHome: boolean;
  /** Whether a call may access a server on the network. */
  readonly reachesOut: boolean;
  /** Its result matches the output schema; throws whatever the work throws. */
  readonly run: (input: Input, setting: ToolSetting) => object | Promise<object>;
}
