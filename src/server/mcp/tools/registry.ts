import type { Tool } from '../tool.ts';
import { installTool } from './install.ts';
import { listTool } from './list.ts';
import { planInstallTool } from './plan-install.ts';
import { rollbackTool } from './rollback.ts';
import { showTool } from './show.ts';
import { statusTool } from './status.ts';
import { validateTool } from './validate.ts';
import { verifyTool } from './verify.ts';

/** A tool whose arguments are checked against its schema before they are passed on. */
export type AnyTool = Tool<never>;

/** Every tool, in the order in which it is listed. */
export const tools: readonly AnyTool[] = [
  listTool,
  showTool,
  statusTool,
  planInstallTool,
  verifyTool,
  validateTool,
  installTool,
  rollbackTool,
];
