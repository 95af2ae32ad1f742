import { exitCodes, type ExitCode } from '../core/error-codes.ts';
import type { Composition } from './composition.ts';
import {
  installExitCode,
  rollbackExitCode,
  verifyExitCode,
  verifyHomeExitCode,
} from './exit-code.ts';
import type { GlobalOptions } from './options/global-options.ts';
import type { Command } from './options/invocation.ts';
import type { RenderContext } from './render/context.ts';
import { renderHistory } from './render/history-text.ts';
import { renderInstall } from './render/install-text.ts';
import type { JsonResult } from './render/json.ts';
import { renderRecover } from './render/recover-text.ts';
import { renderRollback } from './render/rollback-text.ts';
import { renderVerifyHome } from './render/verify-home-text.ts';
import { renderVerify } from './render/verify-text.ts';

/** What came of a command, ready to be shown either way. */
export interface CommandResult {
  readonly exitCode: ExitCode;
  /** For `--json`. */
  readonly document: JsonResult;
  readonly text: (context: RenderContext) => string;
}

/** A server has no result to show; it runs by itself (run-command-line.ts). */
export type RunnableCommand = Exclude<Command, { kind: 'help' | 'serve' }>;

/** Runs the one use case that a command asks for. Throws what the use case throws. */
export async function runCommand(
  command: RunnableCommand,
  { useCases, choose, discovery }: Composition,
  options: GlobalOptions,
): Promise<CommandResult> {
  switch (command.kind) {
    case 'install': {
      const { request, yes } = command;
      const mayAsk = choose !== undefined && !yes && !options.json;
      const run = await useCases.install({ ...request, ...(mayAsk ? { choose } : {}) });
      return result(
        installExitCode(run, request),
        { schema: 'identity-install/install-result@1', ...run },
        (context) => renderInstall(run, request, context),
      );
    }
    case 'rollback': {
      const run = await useCases.rollback(command.request);
      return result(
        rollbackExitCode(run),
        { schema: 'identity-install/rollback-result@1', ...run },
        (context) => renderRollback(run, command.request, context),
      );
    }
    case 'verify': {
      const run = await useCases.verify(command.request);
      return result(
        verifyExitCode(run),
        { schema: 'identity-install/verify-result@1', ...run },
        (context) => renderVerify(run, context),
      );
    }
    case 'verify-home': {
      const run = await useCases.verifyHome(command.request);
      return result(
        verifyHomeExitCode(run),
        { schema: 'identity-install/verify-home-result@1', ...run },
        (context) => renderVerifyHome(run, context),
      );
    }
    case 'history': {
      const run = await useCases.history();
      return result(
        exitCodes.done,
        { schema: 'identity-install/history-result@1', ...run },
        (context) => renderHistory(run, context),
      );
    }
    case 'list':
    case 'show':
    case 'match': {
      const { runDiscovery } = await import('./discovery-command.ts');
      return runDiscovery(command, await discovery(command.wish));
    }
    case 'recover': {
      const recovered = await useCases.recover();
      return result(
        exitCodes.done,
        { schema: 'identity-install/recover-result@1', recovered },
        (context) => renderRecover(recovered, context),
      );
    }
  }
}

function result(
  exitCode: ExitCode,
  document: JsonResult,
  text: CommandResult['text'],
): CommandResult {
  return { exitCode, document, text };
}
