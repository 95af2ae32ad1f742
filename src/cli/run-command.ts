import { exitCodes, type ExitCode } from '../core/error-codes.ts';
import { askForTexts } from './author/ask-for-texts.ts';
import type { Composition } from './composition.ts';
import {
  installExitCode,
  rollbackExitCode,
  selfTestExitCode,
  validateExitCode,
  verifyExitCode,
  verifyHomeExitCode,
} from './exit-code.ts';
import type { GlobalOptions } from './options/global-options.ts';
import type { Command } from './options/invocation.ts';
import { renderCompile, renderCreate, renderRegister } from './render/author-text.ts';
import type { RenderContext } from './render/context.ts';
import { renderHistory } from './render/history-text.ts';
import { renderInstall } from './render/install-text.ts';
import type { JsonResult } from './render/json.ts';
import { renderRecover } from './render/recover-text.ts';
import { renderRollback } from './render/rollback-text.ts';
import { renderFindings } from './render/findings.ts';
import { renderSelfTest } from './render/self-test-text.ts';
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
export type RunnableCommand = Exclude<Command, { kind: 'help' | 'mcp' | 'serve' }>;

/** Runs the one use case that a command asks for. Throws what the use case throws. */
export async function runCommand(
  command: RunnableCommand,
  composition: Composition,
  options: GlobalOptions,
): Promise<CommandResult> {
  switch (command.kind) {
    case 'install': {
      const { request, yes } = command;
      const { choose } = composition;
      const mayAsk = choose !== undefined && !yes && !options.json;
      const run = await composition.useCases.install({ ...request, ...(mayAsk ? { choose } : {}) });
      return result(
        installExitCode(run, request),
        { schema: 'identity-install/install-result@1', ...run },
        (context) => renderInstall(run, request, context),
      );
    }
    case 'rollback': {
      const run = await composition.useCases.rollback(command.request);
      return result(
        rollbackExitCode(run),
        { schema: 'identity-install/rollback-result@1', ...run },
        (context) => renderRollback(run, command.request, context),
      );
    }
    case 'verify': {
      const run = await composition.useCases.verify(command.request);
      return result(
        verifyExitCode(run),
        { schema: 'identity-install/verify-result@1', ...run },
        (context) => renderVerify(run, context),
      );
    }
    case 'verify-home': {
      const run = await composition.useCases.verifyHome(command.request);
      return result(
        verifyHomeExitCode(run),
        { schema: 'identity-install/verify-home-result@1', ...run },
        (context) => renderVerifyHome(run, context),
      );
    }
    case 'validate': {
      const { request, strict, format } = command;
      const run = await composition.author.validate(request);
      return result(
        validateExitCode(run, strict),
        { schema: 'identity-install/validate-result@1', ...run },
        (context) => renderFindings(run, format, context),
      );
    }
    case 'create': {
      const { ask } = composition;
      const wish = await askForTexts(command.request, options.json ? undefined : ask);
      const run = await composition.author.create(wish);
      return result(
        exitCodes.done,
        { schema: 'identity-install/create-result@1', ...run },
        (context) => renderCreate(run, context),
      );
    }
    case 'register': {
      const run = await composition.useCases.register(command.request);
      return result(
        exitCodes.done,
        { schema: 'identity-install/register-result@1', ...run },
        (context) => renderRegister(run, command.request.activate, context),
      );
    }
    case 'compile': {
      const run = await composition.author.compile(command.request);
      return result(
        exitCodes.done,
        { schema: 'identity-install/compile-result@1', ...run },
        (context) => renderCompile(run, context),
      );
    }
    case 'self-test': {
      const run = await composition.author.selfTest(command.contracts);
      return result(
        selfTestExitCode(run),
        { schema: 'identity-install/self-test-result@1', ...run },
        (context) => renderSelfTest(run, context),
      );
    }
    case 'history': {
      const run = await composition.useCases.history();
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
      return runDiscovery(command, await composition.discovery(command.wish));
    }
    case 'recover': {
      const recovered = await composition.useCases.recover();
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
