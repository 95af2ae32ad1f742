import type { CompileRun } from '../../authoring/compile.ts';
import type { CreateRequest, CreateRun } from '../../authoring/create.ts';
import type { BriefRequest } from '../../inspection/brief/brief-source.ts';
import type { ValidateRun } from '../../inspection/validate/validate.ts';
import type { ValidateRequest } from '../../inspection/validate/packs-to-validate.ts';
import type { ContractId } from '../../protocol/contracts/contract.ts';
import type { SampleResult } from '../../protocol/contracts/samples/self-test.ts';

export interface SelfTestRun {
  /** One of each contract's samples after the other. */
  readonly results: readonly SampleResult[];
}

export interface CompileRequest extends BriefRequest {
  /** The file that the brief goes into. */
  readonly output?: string;
}

/** What the authors of packs ask for. A home is needed for it only when one is named. */
export interface AuthorUseCases {
  /** @param request without a time: that of the clock */
  readonly validate: (
    request: Omit<ValidateRequest, 'now'> & Partial<Pick<ValidateRequest, 'now'>>,
  ) => Promise<ValidateRun>;
  /** @throws InstallError E_CREATE_EXISTS, E_CREATE_TEXT, E_ID_TAKEN, E_CATALOG_INVALID, E_IO */
  readonly create: (request: CreateRequest) => Promise<CreateRun>;
  /** @throws InstallError E_CREATE_EXISTS, E_ID_REQUIRED, E_NOT_INSTALLED, E_USAGE, E_IO */
  readonly compile: (request: CompileRequest) => Promise<CompileRun>;
  /** @param chosen empty: all */
  readonly selfTest: (chosen: readonly ContractId[]) => Promise<SelfTestRun>;
}
