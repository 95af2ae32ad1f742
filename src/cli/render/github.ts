import { printable } from '../../core/printable.ts';
import type { ValidateRun } from '../../inspection/validate/validate.ts';
import { allFindings } from './all-findings.ts';
import { countsInWords } from './validate-text.ts';

const commands = { error: 'error', warn: 'warning', info: 'notice' } as const;

/**
 * Findings as workflow commands of GitHub Actions, which show them at their lines, and a last line
 * for the log.
 */
export function renderGithub(run: ValidateRun): string {
  const lines = allFindings(run).map((finding) => {
    const { severity, path, line, column, contract, code, message } = finding;
    const properties = [
      ['file', path && printable(path)],
      ['line', line],
      ['col', column],
      ['title', `${contract}: ${code}`],
    ] as const;
    const given = properties.flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
    );
    return `::${commands[severity]} ${given.join(',')}::${escapeData(printable(message))}`;
  });
  return `${[...lines, countsInWords(run)].join('\n')}\n`;
}

/** As the runner decodes it: `%` first, so that nothing is decoded twice. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
