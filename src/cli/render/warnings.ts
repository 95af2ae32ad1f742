import type { Finding } from '../../core/finding.ts';
import { printable } from '../../core/printable.ts';
import type { OperationWarning } from '../../engine/operation-warning.ts';
import type { PendingOperation } from '../../engine/journal/pending-operations.ts';
import type { RecoveredOperation } from '../../engine/transaction/recover.ts';
import { fixed, hanging, type Line } from '../layout/lines.ts';
import type { RenderContext } from './context.ts';
import { remedyLines } from './remedy-text.ts';
import type { Style } from './style.ts';

/** One line for each warning of an operation, with its path. */
export function warningLines(warnings: readonly OperationWarning[], style: Style): Line[] {
  return warnings.map(({ path, message }) => {
    const place = path === '' ? '' : `${printable(path)}: `;
    return hanging(`${style.warning('warning:')} ${place}${printable(message)}`);
  });
}

/** One line for each finding in a pack or in our records: severity, place, message, code. */
export function findingLines(findings: readonly Finding[], style: Style, indent = ''): Line[] {
  return findings.map((finding) => {
    const label =
      finding.severity === 'error'
        ? style.bad('problem:')
        : finding.severity === 'warn'
          ? style.warning('warning:')
          : style.faint('note:');
    const what = `${printable(finding.message)} [${printable(finding.code)}]`;
    return hanging(`${indent}${label} ${placeOf(finding)}${what}`);
  });
}

function placeOf({ path, line, column, pointer }: Finding): string {
  if (path === undefined) return '';
  const position = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
  const where = position === '' && pointer !== undefined ? `#${printable(pointer)}` : position;
  return `${printable(path)}${where}: `;
}

const outcomeTexts: Readonly<Record<RecoveredOperation['outcome'], string>> = {
  completed: 'finished now, nothing is missing',
  undone: 'undone; the instance is as it was before',
  discarded: 'discarded; it had not touched the instance yet',
};

/** Operations that an earlier run left unfinished and that have not been recovered yet. */
export function pendingLines(
  { pending, home }: { readonly pending: readonly PendingOperation[]; readonly home: string },
  { style, launcher }: Pick<RenderContext, 'style' | 'launcher'>,
): Line[] {
  if (pending.length === 0) return [];
  return [
    ...pending.map(({ ref, id }) =>
      hanging(
        `${style.warning('warning:')} Operation ${printable(ref)} on ${printable(id)} was interrupted. The next command that writes recovers it.`,
      ),
    ),
    ...recoveryLines(home, launcher),
  ];
}

/** How to recover what was interrupted. */
export function recoveryLines(home: string, launcher: RenderContext['launcher']): Line[] {
  const remedy = { kind: 'command', command: 'recover', home, to: 'recover it now' } as const;
  return remedyLines(remedy, { launcher }).flatMap(({ text, command = '' }) => [
    text,
    fixed(`  ${printable(command)}`),
  ]);
}

/** The outcome of operations that an earlier run had left unfinished. */
export function recoveredLines(recovered: readonly RecoveredOperation[], style: Style): Line[] {
  return recovered.flatMap(({ ref, id, outcome, warnings }) => [
    hanging(
      `${style.strong('Recovered')} interrupted operation ${printable(ref)} (${printable(id)}): ${outcomeTexts[outcome]}.`,
    ),
    ...warningLines(warnings, style),
  ]);
}
