import type { Finding } from '../../core/finding.ts';
import { count } from './fold.ts';

/**
 * What the contracts say of a release, in one line; null where they say nothing. Whoever installs a
 * pack did not write it: that it has faults is worth a line, and which ones is for who asks.
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
