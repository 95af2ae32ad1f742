import { canonicalJson } from '../../core/digest.ts';
import type { ContractId } from './contract.ts';
import type { Subject } from './subject/subject.ts';
import { validatePack, type ContractFinding } from './validate.ts';

/** One pack of several; without a directory only the catalog can be checked. */
export interface PackToValidate {
  readonly subject: Subject;
  /** How findings show its directory; null if nothing can be checked. */
  readonly pack: string | null;
}

export interface ValidatedPacks {
  /** About the catalog, which all packs share: each once. */
  readonly catalog: readonly ContractFinding[];
  readonly identities: readonly {
    readonly id: string;
    readonly pack: string | null;
    readonly findings: readonly ContractFinding[];
  }[];
}

/**
 * Checks several packs of one catalog against contracts. A missing pack has one finding, that of
 * the contract `catalog`, and not one more for each of its files.
 *
 * @param chosen all contracts when left out
 */
export function validatePacks(
  packs: readonly PackToValidate[],
  chosen?: readonly ContractId[],
): ValidatedPacks {
  const catalog = new Map<string, ContractFinding>();
  const identities = packs.map(({ subject, pack }) => {
    const all = validatePack(subject, pack === null ? onlyCatalog(chosen) : chosen);
    for (const finding of all) {
      if (finding.contract === 'catalog') catalog.set(canonicalJson(finding), finding);
    }
    const findings = all.filter(({ contract }) => contract !== 'catalog');
    return { id: subject.id, pack, findings };
  });
  return { catalog: [...catalog.values()], identities };
}

function onlyCatalog(chosen: readonly ContractId[] | undefined): readonly ContractId[] {
  return chosen === undefined || chosen.includes('catalog') ? ['catalog'] : [];
}
