import type { ContractId } from '../../protocol/contracts/contract.ts';
import type { Subject } from '../../protocol/contracts/subject/subject.ts';
import type { PackToValidate } from '../../protocol/contracts/validate-packs.ts';

export interface ValidateRequest {
  /** Empty: every identity that the catalog lists, or that is installed. */
  readonly ids: readonly string[];
  /** Empty: all. */
  readonly contracts: readonly ContractId[];
  /** The root of a protocol repository; relative to the working directory. */
  readonly root?: string;
  /** Its catalog, if it is not in a usual place; relative to the working directory. */
  readonly catalog?: string;
  /** The request names the home: use it, whatever the working directory is. */
  readonly inHome: boolean;
  /** The time against which freshness is checked. */
  readonly now: Date;
}

/** Where packs were found: in a protocol repository, or in a home. */
export interface PacksPlace {
  readonly kind: 'repository' | 'home';
  /** Absolute. */
  readonly root: string;
  /** As findings show it; null for a home without one. */
  readonly catalog: string | null;
}

export interface PacksToValidate extends PacksPlace {
  readonly packs: readonly PackToValidate[];
  /** Set if there is a catalog but no pack. */
  readonly lone?: Subject;
}
