import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { Contract, ContractId } from './contract.ts';
import { firstFindings } from './findings/first-findings.ts';
import { contracts } from './registry.ts';
import type { Subject } from './subject/subject.ts';

/** What a contract found. */
export interface ContractFinding extends Finding {
  readonly contract: ContractId;
}

/**
 * Checks a pack against contracts: all of them, or those named. Reads only.
 *
 * @returns findings by contract, path and line; for each contract the first ones, and last how many
 *   more
 * @throws InstallError E_BUG when a check throws: bad content is a finding, never an exception
 */
export function validatePack(
  subject: Subject,
  chosen?: Iterable<ContractId>,
): readonly ContractFinding[] {
  const wanted = chosen && new Set(chosen);
  return findingsAgainst(
    contracts.filter(({ id }) => wanted?.has(id) ?? true),
    subject,
  );
}

/** The same for contracts that need not be the registered ones. */
export function findingsAgainst(
  held: readonly Contract[],
  subject: Subject,
): readonly ContractFinding[] {
  return held.flatMap((contract) => findingsOf(contract, subject));
}

function findingsOf({ id, check }: Contract, subject: Subject): ContractFinding[] {
  try {
    const { listed, more } = firstFindings(check(subject));
    const sorted = [...listed].sort(byPlace);
    if (more !== undefined) sorted.push(more);
    return sorted.map((finding) => ({ ...finding, contract: id }));
  } catch (cause) {
    throw new InstallError('E_BUG', `The check of ${id} failed on the pack of "${subject.id}".`, {
      remedy: 'Please report it, with the pack if it is not secret.',
      details: { contract: id, id: subject.id },
      cause,
    });
  }
}

function byPlace(left: Finding, right: Finding): number {
  return (
    byText(left.path, right.path) ||
    (left.line ?? 0) - (right.line ?? 0) ||
    (left.column ?? 0) - (right.column ?? 0) ||
    byText(left.pointer, right.pointer) ||
    byText(left.code, right.code)
  );
}

function byText(left = '', right = ''): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
