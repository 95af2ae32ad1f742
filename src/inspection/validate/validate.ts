import { InstallError } from '../../core/errors.ts';
import type { ContractId } from '../../protocol/contracts/contract.ts';
import { contracts } from '../../protocol/contracts/registry.ts';
import type { Subject } from '../../protocol/contracts/subject/subject.ts';
import { validatePack, type ContractFinding } from '../../protocol/contracts/validate.ts';
import { validatePacks, type ValidatedPacks } from '../../protocol/contracts/validate-packs.ts';
import type { InspectionContext } from '../context.ts';
import { packsOfHome } from './packs-of-home.ts';
import type { PacksPlace, ValidateRequest } from './packs-to-validate.ts';
import { findRepository, type RepositoryContext } from '../../protocol/find-repository.ts';
import { packsOfRepository } from './packs-of-repository.ts';

/** The findings in packs, and where the packs are. */
export interface ValidateRun extends PacksPlace {
  /** UTC, ISO 8601. */
  readonly now: string;
  readonly contracts: readonly { readonly id: ContractId; readonly title: string }[];
  /** About the catalog that all packs share. */
  readonly findings: readonly ContractFinding[];
  readonly identities: ValidatedPacks['identities'];
  /** How many findings of each severity there are. */
  readonly counts: Readonly<Record<ContractFinding['severity'], number>>;
}

export interface ValidateContext extends RepositoryContext {
  /** The home of this run; called only if packs are searched there. */
  readonly openHome: () => InspectionContext;
}

/**
 * Checks packs against the protocol's contracts: those of a repository, otherwise the instances of
 * the home. Reads only; findings about a pack are data.
 *
 * @throws InstallError E_USAGE, E_NOT_INSTALLED, E_CATALOG_LOCAL, E_RECORD_DAMAGED,
 *   E_INSTANCE_UNSAFE, E_INSTANCE_AMBIGUOUS, and whatever choosing the home throws
 */
export async function validate(
  context: ValidateContext,
  request: ValidateRequest,
): Promise<ValidateRun> {
  const checked = contracts.filter(
    ({ id }) => request.contracts.length === 0 || request.contracts.includes(id),
  );
  refuseUnchecked(request, checked);
  const place = request.inHome ? undefined : findRepository(context, request);
  const { packs, lone, ...where } =
    place === undefined
      ? await packsOfHome(context.openHome(), request)
      : packsOfRepository(context, place, request);
  const chosen = checked.map(({ id }) => id);
  const validated = validatePacks(packs, chosen);
  const findings =
    lone === undefined || !chosen.includes('catalog') ? validated.catalog : aboutCatalog(lone);
  const { identities } = validated;
  return {
    ...where,
    now: request.now.toISOString(),
    contracts: checked.map(({ id, title }) => ({ id, title })),
    findings,
    identities,
    counts: countsOf([...findings, ...identities.flatMap((identity) => identity.findings)]),
  };
}

/** A contract that is not checked must not seem to be kept. */
function refuseUnchecked(
  request: ValidateRequest,
  checked: readonly { readonly id: ContractId }[],
): void {
  const unchecked = request.contracts.find((id) => !checked.some((contract) => contract.id === id));
  if (unchecked === undefined) return;
  throw new InstallError(
    'E_USAGE',
    `The contract ${unchecked} is not one that packs are checked against.`,
    {
      remedy: { kind: 'choose', option: 'contract', among: contracts.map(({ id }) => id) },
      details: { contract: unchecked },
    },
  );
}

/** Without an identity, the finding that the catalog does not list it makes no sense. */
function aboutCatalog(lone: Subject): readonly ContractFinding[] {
  return validatePack(lone, ['catalog']).filter(({ code }) => code !== 'CATALOG_PACK_UNLISTED');
}

function countsOf(findings: readonly ContractFinding[]): ValidateRun['counts'] {
  const counts = { error: 0, warn: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}
