import type { Finding } from '../core/finding.ts';
import type { OperationRef } from '../core/operation-ref.ts';
import type { PackPath } from '../core/path.ts';
import { isPlainPath } from '../core/plain-path.ts';
import type { ReportOperation } from './install-report.ts';
import { member } from './documents/members.ts';

/** A place inside the instance where the pack's contracts expect install reports. */
export interface ReportPlace {
  readonly contract: 'install_safety_contract' | 'install_provenance_contract';
  /** Relative to the instance, `*` in the last component only. */
  readonly pattern: PackPath;
}

const contracts = [
  {
    contract: 'install_safety_contract',
    gate: 'install_safety_gate',
    key: 'install_report_path_pattern',
  },
  {
    contract: 'install_provenance_contract',
    gate: 'install_provenance_gate',
    key: 'report_path_pattern',
  },
] as const;

/**
 * The places of reports according to the pack's own `CURRENT_TASK.json`
 * (docs/protocol.md#where-reports-belong). Patterns are taken literally below the instance.
 * Contracts that are neither `required` nor gated do not count; a pattern that cannot be used is a
 * warning, and that report stays in the home.
 *
 * @param task the parsed document
 */
export function reportPlaces(task: unknown): { places: ReportPlace[]; findings: Finding[] } {
  const places: ReportPlace[] = [];
  const findings: Finding[] = [];
  for (const { contract, gate, key } of contracts) {
    const block = member(task, contract);
    const required =
      member(block, 'required') === true || member(member(task, 'gates'), gate) === 'required';
    if (!required) continue;
    const pattern = member(block, key);
    const problem = patternProblem(pattern);
    if (problem === undefined) places.push({ contract, pattern: pattern as PackPath });
    else {
      findings.push({
        code: 'REPORT_PATTERN_UNUSABLE',
        severity: 'warn',
        path: 'CURRENT_TASK.json',
        pointer: `/${contract}/${key}`,
        message: `Reports for ${contract} stay in the home: ${key} ${problem}.`,
      });
    }
  }
  return { places, findings };
}

function patternProblem(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string' || pattern === '') return 'is missing';
  if (!isPlainPath(pattern)) return 'is not a plain path below the instance';
  const parts = pattern.split('/');
  const last = parts.pop() ?? '';
  // The checkers expand patterns as shell globs; we only ever fill in stars.
  if (/[?[\]]/.test(pattern)) return 'holds wildcards other than "*"';
  if (parts.some((part) => part.includes('*'))) return 'has "*" in a directory';
  if (!last.includes('*') || !last.endsWith('.json')) return 'does not end in "*" and ".json"';
  return undefined;
}

/**
 * The report's own path for a pattern: the first star becomes `z-<ref>-<operation>`, further ones
 * become empty, which a star also matches. The protocol's checkers read the lexicographically last
 * match. Releases ship matches such as `…-1771785280-553.json` and `…-verify-bootstrap-04.json`:
 * `z` sorts after their digits and words, and after it the operation's reference sorts by time.
 * Equal patterns give equal paths.
 */
export function reportPath(
  pattern: PackPath,
  ref: OperationRef,
  operation: ReportOperation,
): PackPath {
  return pattern.replace('*', `z-${ref}-${operation}`).replaceAll('*', '');
}
