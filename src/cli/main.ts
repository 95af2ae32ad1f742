import { exitCodes, type ExitCode } from '../core/error-codes.ts';
import { InstallError } from '../core/errors.ts';
import type { Process } from '../platform/process.ts';
import type { Compose, Composition } from './composition.ts';
import { asInstallError } from './failure.ts';
import { launcherOf } from './launcher.ts';
import type { Invocation } from './options/invocation.ts';
import { asksFor } from './options/typed.ts';
import type { ProgramName } from './program.ts';
import { styleFor } from './render/style.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { version } from './version.ts';

export interface MainInput {
  readonly program: ProgramName;
  readonly process: Process;
  /** Loads the adapters; called only when a command needs them. */
  readonly loadCompose: () => Promise<Compose>;
}

/** Runs one command line to its end and sets the exit code, once, whatever happens. */
export async function main(input: MainInput): Promise<void> {
  input.process.setExitCode(await run(input));
}

async function run(input: MainInput): Promise<ExitCode> {
  const argv = input.process.arguments;
  // A command line that cannot be parsed still says how its error is to be shown.
  const wish = { json: asksFor(argv, 'json'), verbose: asksFor(argv, 'verbose') };
  try {
    if (asksFor(argv, 'help', 'h')) return await showHelp(input);
    const { parse } = await import('./options/parse.ts');
    const launcher = launcherOf(input.process.launch(), version);
    return await runInvocation(parse(input.program, argv, launcher), input);
  } catch (caught) {
    return await showError(asInstallError(caught, input.program), wish, input.process);
  }
}

async function showHelp({ program, process }: MainInput): Promise<ExitCode> {
  const { helpTopicOf } = await import('./options/help-topic.ts');
  const { renderHelp } = await import('./render/help-text.ts');
  process.out(renderHelp(helpTopicOf(program, process.arguments)));
  return exitCodes.done;
}

async function runInvocation(invocation: Invocation, input: MainInput): Promise<ExitCode> {
  const { command, options } = invocation;
  const { process } = input;
  if (command.kind === 'help') {
    const { renderHelp } = await import('./render/help-text.ts');
    process.out(renderHelp(command.topic));
    return exitCodes.done;
  }
  const stop = stopOnSignal(process);
  const launcher = launcherOf(process.launch(), version);
  let composition: Composition | undefined;
  try {
    const compose = await input.loadCompose();
    composition = await compose(options, {
      program: input.program,
      argv: process.arguments,
      version,
      launcher,
      signal: stop.signal,
    });
    const { runCommand } = await import('./run-command.ts');
    const result = await runCommand(command, composition, options);
    composition.close();
    const context = { style: styleFor(composition.colour), options, launcher };
    process.out(options.json ? result.json() : result.text(context));
    // It was asked to stop, came too far to stop, and finished: the caller still learns of it.
    return stop.signal.aborted ? exitCodes.interrupted : result.exitCode;
  } catch (caught) {
    composition?.close();
    throw stop.signal.aborted && !(caught instanceof InstallError) ? stop.signal.reason : caught;
  } finally {
    stop.release();
  }
}

async function showError(
  error: InstallError,
  { json, verbose }: { readonly json: boolean; readonly verbose: boolean },
  process: Process,
): Promise<ExitCode> {
  const { renderError } = await import('./render/error-text.ts');
  if (json) {
    const { renderJsonError } = await import('./render/json.ts');
    process.out(renderJsonError(error));
  }
  process.err(renderError(error, { style: styleFor(false), verbose }));
  return error.exitCode;
}
