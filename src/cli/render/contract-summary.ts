import type { Finding } from '../../core/finding.ts';
import { count } from './fold.ts';

/**
 * The contract findings about a release, in one line; null if there are none. A user who installs a
 * pack has usually not written it: one line says that it has faults, and details are shown on
 * request.
 */
export function contractSummary(findings: readonly Finding[], verbose: boolean): string | null {
  const found = findings.filter(({ contract }) => contract !== undefined);
  const numbers = (['error', 'warn'] as const).flatMap((severity) => {
    const number = found.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [count(number, severity === 'error' ? 'problem' : 'warning')];
  });
  if (numbers.length === 0) return null;
  const contracts = [...new Set(found.map(({ contract }) => contract))].join(', ');
  return `${numbers.join(' and ')} in ${contracts}${verbose ? '' : ' (--verbose shows all)'}`;
}
