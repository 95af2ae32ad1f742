import type { InstallError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/digest.ts';
import { printable } from '../../core/printable.ts';
import type { Layout } from '../layout/layout.ts';
import { fixed, hanging, layOut, type Line } from '../layout/lines.ts';
import { remedyLines, type RemedyWording } from './remedy-text.ts';
import type { Style } from './style.ts';

/** How an error is shown. */
export interface ErrorContext {
  readonly style: Style;
  readonly verbose: boolean;
  readonly layout: Layout;
  readonly wording: RemedyWording;
}

/** What went wrong, and below it, indented, what to do; the stack of a defect under `--verbose`. */
export function renderError(
  error: InstallError,
  { style, verbose, layout, wording }: ErrorContext,
): string {
  const [first = '', ...more] = lines(error.message);
  const remedy = error.remedy === undefined ? [] : remedyLines(error.remedy, wording);
  const shown: Line[] = [
    hanging(`${style.bad(`error[${error.code}]:`)} ${first}`),
    ...more.map((line) => `  ${line}`),
    ...remedy.flatMap(({ text, command }) => [
      `  ${style.faint(printable(text))}`,
      ...(command === undefined ? [] : [fixed(`    ${printable(command)}`)]),
    ]),
    // Details and stacks are for defect reports, so they are not laid out.
    ...(verbose ? verboseLines(error).map((line) => fixed(`  ${style.faint(line)}`)) : []),
  ];
  return `${layOut(shown, layout).join('\n')}\n`;
}

function verboseLines(error: InstallError): string[] {
  const details = Object.entries(error.details).map(
    ([name, value]) => `${printable(name)}: ${printable(canonicalJson(value))}`,
  );
  return [...details, ...causes(error)];
}

/** The chain of causes, each with its stack: a defect report needs them. */
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
