import type { InstallError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/digest.ts';
import { printable } from '../../core/printable.ts';
import type { Launcher } from '../launcher.ts';
import { remedyText } from './remedy-text.ts';
import type { Style } from './style.ts';

/** What went wrong, and below it, indented, what to do; the stack of a defect under `--verbose`. */
export function renderError(
  error: InstallError,
  {
    style,
    verbose,
    launcher,
  }: { readonly style: Style; readonly verbose: boolean; readonly launcher: Launcher },
): string {
  return [
    `${style.bad(`error[${error.code}]:`)} ${lines(error.message).join('\n  ')}`,
    ...lines(error.remedy === undefined ? '' : remedyText(error.remedy, launcher)).map(
      (line) => `  ${line}`,
    ),
    ...(verbose ? verboseLines(error).map((line) => `  ${style.faint(line)}`) : []),
    '',
  ].join('\n');
}

function verboseLines(error: InstallError): string[] {
  const details = Object.entries(error.details).map(
    ([name, value]) => `${printable(name)}: ${printable(canonicalJson(value))}`,
  );
  return [...details, ...causes(error)];
}

/** The chain of causes, each with its stack: what a report of a defect needs. */
function causes(error: Error): string[] {
  const found: string[] = [];
  let cause: unknown = error.cause;
  for (let depth = 0; depth < 8 && cause !== undefined; depth += 1) {
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : canonicalJson(cause);
    found.push(...lines(`caused by ${text}`));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return found;
}

function lines(text: string): string[] {
  return text === '' ? [] : text.split('\n').map(printable);
}
