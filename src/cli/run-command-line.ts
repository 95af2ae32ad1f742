import { exitCodes, type ExitCode } from '../core/error-codes.ts';
import { InstallError } from '../core/errors.ts';
import { ioError } from '../core/io-error.ts';
import type { Command, Outcome, Prepared, Setting } from './command/command.ts';
import { registry } from './commands/registry.ts';
import { launcherOf } from './launcher.ts';
import type { MainInput } from './main-input.ts';
import { readGlobalOptions } from './options/global-options.ts';
import { readCommandLine } from './read-command-line.ts';
import { renderJson } from './render/json.ts';
import { laidOut } from './layout/laid-out.ts';
import { styleFor } from './render/style.ts';
import { showHelp } from './show-help.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { version } from './version.ts';

/**
 * Reads, composes and runs one command and prints its outcome. Throws whatever any of these throws.
 */
export async function runCommandLine({
  program,
  process,
  loadLaunch,
  loadCompose,
  rows = registry,
}: MainInput): Promise<ExitCode> {
  const argv = process.arguments;
  const { row, command, help, readArguments } = await readCommandLine(program, argv, rows);
  if (help || command === undefined) return await showHelp(row, { process, rows });
  const given = readArguments();
  const options = readGlobalOptions(given);
  const prepared = command.prepare(given);

  const launcher = launcherOf(await loadLaunch());
  const stop = stopOnSignal(process);
  const { signal } = stop;
  try {
    const compose = await loadCompose();
    const composition = await compose(options, { program, argv, version, launcher, signal });
    const outcome = await outcomeOf(prepared, { command, composition, options, launcher });
    // It was asked to stop too late and has finished; the exit code still shows the request to
    // stop.
    const exitCode = signal.aborted ? exitCodes.interrupted : outcome.exitCode;
    const { document, text } = outcome;
    // A server has said everything; even an empty write could fail.
    if (text === undefined) return exitCode;
    if (options.json && document !== undefined) {
      process.out(renderJson(document, exitCode));
      return exitCode;
    }
    const screen = process.screen('stdout');
    const style = styleFor(screen.colour && options.color);
    process.out(await laidOut(screen, (layout) => text({ style, options, launcher, layout })));
    return exitCode;
  } catch (caught) {
    // The reason for the abort says more than what the aborted call throws.
    throw signal.aborted && !(caught instanceof InstallError) ? signal.reason : caught;
  } finally {
    stop.release();
  }
}

interface Running extends Setting {
  readonly command: Command;
}

/**
 * Runs the command. Progress ends before anything is printed, whatever the result. An error of the
 * operating system is not a defect in the program, wherever it occurs: in the lock, the ledger, the
 * store of releases or a pack.
 */
async function outcomeOf(prepared: Prepared, { command, ...setting }: Running): Promise<Outcome> {
  try {
    return await prepared(setting);
  } catch (error) {
    throw ioError(error, command.doing ?? `working in ${setting.composition.place()}`);
  } finally {
    setting.composition.close();
  }
}
