import type { Finding } from '../../core/finding.ts';
import { printable } from '../../core/printable.ts';
import type { OperationWarning } from '../../engine/operation-warning.ts';
import type { PendingOperation } from '../../engine/journal/pending-operations.ts';
import type { RecoveredOperation } from '../../engine/transaction/recover.ts';
import type { Style } from './style.ts';

/** One line a warning of an operation, each with the path that it is about. */
export function warningLines(warnings: readonly OperationWarning[], style: Style): string[] {
  return warnings.map(
    ({ path, message }) =>
      `${style.warning('warning:')} ${path === '' ? '' : `${printable(path)}: `}${printable(message)}`,
  );
}

/** One line a finding in a pack or in our books: severity, place, what, code. */
export function findingLines(findings: readonly Finding[], style: Style): string[] {
  return findings.map((finding) => {
    const label =
      finding.severity === 'error'
        ? style.bad('problem:')
        : finding.severity === 'warn'
          ? style.warning('warning:')
          : style.faint('note:');
    return `${label} ${placeOf(finding)}${printable(finding.message)} [${printable(finding.code)}]`;
  });
}

function placeOf({ path, line, column, pointer }: Finding): string {
  if (path === undefined) return '';
  const position = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
  const where = position === '' && pointer !== undefined ? `#${printable(pointer)}` : position;
  return `${printable(path)}${where}: `;
}

const settled: Readonly<Record<RecoveredOperation['outcome'], string>> = {
  completed: 'finished now, nothing is missing',
  undone: 'undone; the instance is as it was before',
  discarded: 'dropped; it had not touched the instance yet',
};

/** Operations that an earlier run left in the middle, and that nobody has settled yet. */
export function pendingLines(pending: readonly PendingOperation[], style: Style): string[] {
  return pending.map(
    ({ ref, id }) =>
      `${style.warning('warning:')} Operation ${printable(ref)} on ${printable(id)} was interrupted. The next command that writes settles it; so does \`identity recover\`.`,
  );
}

/** What became of operations that an earlier run had left in the middle. */
export function recoveredLines(recovered: readonly RecoveredOperation[], style: Style): string[] {
  return recovered.flatMap(({ ref, id, outcome, warnings }) => [
    `${style.strong('Recovered')} interrupted operation ${printable(ref)} (${printable(id)}): ${settled[outcome]}.`,
    ...warningLines(warnings, style),
  ]);
}
