import type { ValidateRequest, ValidateRun } from '../../install/validate/validate.ts';
import type { ContractId } from '../../protocol/contracts/contract.ts';
import type { SampleResult } from '../../protocol/contracts/self-test.ts';

export interface SelfTestRun {
  /** One of each contract's samples after the other. */
  readonly results: readonly SampleResult[];
}

/** What the authors of packs ask for. A home is needed for it only when one is named. */
export interface AuthorUseCases {
  /** @param request without a time: that of the clock */
  readonly validate: (
    request: Omit<ValidateRequest, 'now'> & Partial<Pick<ValidateRequest, 'now'>>,
  ) => Promise<ValidateRun>;
  /** @param chosen empty: all */
  readonly selfTest: (chosen: readonly ContractId[]) => Promise<SelfTestRun>;
}
