import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { Contract, ContractId } from './contract.ts';
import { contracts, order } from './registry.ts';
import type { Subject } from './subject.ts';

/** What a contract found. */
export interface ContractFinding extends Finding {
  readonly contract: ContractId;
}

/**
 * Holds a pack against contracts: all of them, or those named. Reads only.
 *
 * @returns findings by contract, path and line
 * @throws InstallError E_BUG when a check throws: bad content is a finding, never an exception
 */
export function validatePack(
  subject: Subject,
  chosen?: Iterable<ContractId>,
): readonly ContractFinding[] {
  const wanted = chosen && new Set(chosen);
  return contracts
    .filter(({ id }) => wanted?.has(id) ?? true)
    .flatMap((contract) => findingsOf(contract, subject))
    .sort(byPlace);
}

function findingsOf({ id, check }: Contract, subject: Subject): ContractFinding[] {
  try {
    return Array.from(check(subject), (finding) => ({ ...finding, contract: id }));
  } catch (cause) {
    throw new InstallError('E_BUG', `The check of ${id} failed on the pack of "${subject.id}".`, {
      hint: 'Please report it, with the pack when it is no secret.',
      details: { contract: id, id: subject.id },
      cause,
    });
  }
}

function byPlace(left: ContractFinding, right: ContractFinding): number {
  return (
    order(left.contract) - order(right.contract) ||
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
