import { exitCodes, type ExitCode } from '../core/error-codes.ts';
import { InstallError } from '../core/errors.ts';
import type { Composition } from './composition.ts';
import { launcherOf } from './launcher.ts';
import type { MainInput } from './main.ts';
import type { GlobalOptions } from './options/global-options.ts';
import { parse } from './options/parse.ts';
import { renderHelp } from './render/help-text.ts';
import { renderJson } from './render/json.ts';
import { styleFor } from './render/style.ts';
import { runCommand, type CommandResult, type RunnableCommand } from './run-command.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { version } from './version.ts';

/** Parses, composes, runs one use case and prints what came of it. Throws what any of them throws. */
export async function runCommandLine({
  program,
  process,
  loadLaunch,
  loadCompose,
}: MainInput): Promise<ExitCode> {
  const argv = process.arguments;
  const { command, options } = parse(program, argv);
  if (command.kind === 'help') {
    process.out(renderHelp(command.topic));
    return exitCodes.done;
  }

  const launcher = launcherOf(await loadLaunch(), version);
  const stop = stopOnSignal(process);
  const { signal } = stop;
  try {
    const compose = await loadCompose();
    const composition = await compose(options, { program, argv, version, launcher, signal });
    if (command.kind === 'mcp') {
      try {
        await composition.serveMcp(command.allowWrite);
      } finally {
        composition.close();
      }
      return signal.aborted ? exitCodes.interrupted : exitCodes.done;
    }
    if (command.kind === 'serve') {
      const { runServer } = await import('./run-server.ts');
      await runServer(command.wish, composition, { say: (text) => process.err(text), launcher });
      return signal.aborted ? exitCodes.interrupted : exitCodes.done;
    }
    const result = await resultOf(command, composition, options);
    // It was asked to stop, came too far to stop, and finished: the caller still learns of it.
    const exitCode = signal.aborted ? exitCodes.interrupted : result.exitCode;
    const { colour, columns } = composition;
    const context = {
      style: styleFor(colour),
      options,
      launcher,
      ...(columns !== undefined && { columns }),
    };
    process.out(options.json ? renderJson(result.document, exitCode) : result.text(context));
    return exitCode;
  } catch (caught) {
    // What an aborted call throws says less than why it was aborted.
    throw signal.aborted && !(caught instanceof InstallError) ? signal.reason : caught;
  } finally {
    stop.release();
  }
}

/** Progress ends before anything is printed, whatever the result. */
async function resultOf(
  command: RunnableCommand,
  composition: Composition,
  options: GlobalOptions,
): Promise<CommandResult> {
  try {
    return await runCommand(command, composition, options);
  } finally {
    composition.close();
  }
}
