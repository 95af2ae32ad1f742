import { resolve } from 'node:path';
import type { ExitCode } from '../core/error-codes.ts';
import type { InstallError } from '../core/errors.ts';
import { asInstallError } from '../core/failure.ts';
import { namesProgram } from '../core/remedy.ts';
import { registry } from './commands/registry.ts';
import { rowOf } from './command/row.ts';
import type { MainInput } from './main-input.ts';
import { asksFor, beforeOptionsEnd, typedValue } from './typed.ts';
import { laidOut } from './layout/laid-out.ts';
import { styleFor } from './render/style.ts';
import { showHelp } from './show-help.ts';
import type { Launcher } from './launcher.ts';

/** Runs one command line to its end and sets the exit code, once, whatever happens. */
export async function main(input: MainInput): Promise<void> {
  input.process.setExitCode(await run(input));
}

async function run(input: MainInput): Promise<ExitCode> {
  const argv = input.process.arguments;
  // Even a command line that cannot be parsed says how its error is to be shown.
  const wish = {
    json: asksFor(argv, 'json'),
    verbose: asksFor(argv, 'verbose'),
    color: !asksFor(argv, 'no-color'),
  };
  try {
    if (asksForProgramHelp(input)) {
      const { program, process, rows = registry } = input;
      return await showHelp(rowOf(program, rows), { process, rows });
    }
    const { runCommandLine } = await import('./run-command-line.ts');
    return await runCommandLine(input);
  } catch (caught) {
    return await showError(asInstallError(caught, input.program), wish, input);
  }
}

/** Whether help about the program is requested, which does not require parsing the command line. */
function asksForProgramHelp({ program, process }: MainInput): boolean {
  const typed = beforeOptionsEnd(process.arguments);
  if (!asksFor(typed, 'help', 'h')) return false;
  // Any other word may be a command; then help is about that, or there is no such command.
  return program !== 'identity' || typed.every((token) => token.startsWith('-'));
}

async function showError(
  error: InstallError,
  { json, verbose, color }: Record<'json' | 'verbose' | 'color', boolean>,
  { process, loadLaunch }: MainInput,
): Promise<ExitCode> {
  const launcher = await launcherFor(error, loadLaunch);
  const wording = { launcher, home: homeWords(process.arguments) };
  const { renderError } = await import('./render/error-text.ts');
  if (json) {
    const { renderJsonError } = await import('./render/json.ts');
    process.out(renderJsonError(error, wording));
  }
  const screen = process.screen('stderr');
  const style = styleFor(screen.colour && color);
  process.err(
    await laidOut(screen, (layout) => renderError(error, { style, verbose, layout, wording })),
  );
  return error.exitCode;
}

/** What the command line says about the home; the commands that a remedy names say it again. */
function homeWords(argv: readonly string[]): readonly string[] {
  const home = typedValue(argv, 'home');
  const scope = typedValue(argv, 'scope');
  if (home !== undefined) return ['--home', resolve(home)];
  return scope === undefined ? [] : ['--scope', scope];
}

/** How this program was started is determined only for a remedy that contains a command line. */
async function launcherFor(
  { remedy }: InstallError,
  loadLaunch: MainInput['loadLaunch'],
): Promise<Launcher> {
  if (remedy === undefined || !namesProgram(remedy)) return (program) => program;
  const { launcherOf } = await import('./launcher.ts');
  return launcherOf(await loadLaunch());
}
