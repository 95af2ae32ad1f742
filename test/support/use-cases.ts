import { ioError } from '../../src/core/io-error.ts';
import { listHistory, type HistoryRun } from '../../src/inspection/history/list-history.ts';
import { verify, type VerifyRequest, type VerifyRun } from '../../src/inspection/verify/verify.ts';
import { verifyHome, type VerifyHomeRun } from '../../src/inspection/verify/verify-home.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { install } from '../../src/operations/install/install.ts';
import type { InstallRun } from '../../src/operations/install/outcome.ts';
import type { InstallRequest } from '../../src/operations/install/request.ts';
import { recover } from '../../src/operations/recover/recover.ts';
import { register } from '../../src/operations/register/register.ts';
import type { RegisterRequest, RegisterRun } from '../../src/operations/register/request.ts';
import type { RollbackRun } from '../../src/operations/rollback/outcome.ts';
import type { RollbackRequest } from '../../src/operations/rollback/request.ts';
import { rollback } from '../../src/operations/rollback/rollback.ts';
import { reportVerification } from '../../src/operations/verification/report-verification.ts';
import type { RecoveredOperation } from '../../src/engine/transaction/recover.ts';

/** What a person can ask of a home, as every surface of the program asks it. */
export interface UseCases {
  readonly install: (request: InstallRequest) => Promise<InstallRun>;
  readonly rollback: (request: RollbackRequest) => Promise<RollbackRun>;
  readonly history: () => Promise<HistoryRun>;
  readonly verify: (request: VerifyRequest) => Promise<VerifyRun>;
  readonly reportVerification: (request: VerifyRequest) => Promise<VerifyRun>;
  readonly verifyHome: (request: Pick<VerifyRequest, 'expectHead'>) => Promise<VerifyHomeRun>;
  readonly register: (request: RegisterRequest) => Promise<RegisterRun>;
  readonly recover: () => Promise<readonly RecoveredOperation[]>;
}

/**
 * The use cases over one context. An error of the operating system becomes an `InstallError`, as it
 * does wherever a surface catches it.
 */
export function useCasesOf(context: OperationContext): UseCases {
  const asShown = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw ioError(error, `working in ${context.layout.home}`);
    }
  };
  return {
    install: (request) => asShown(() => install(context, request)),
    rollback: (request) => asShown(() => rollback(context, request)),
    history: () => asShown(() => listHistory(context)),
    verify: (request) => asShown(() => verify(context, request)),
    reportVerification: (request) => asShown(() => reportVerification(context, request)),
    verifyHome: (request) => asShown(() => verifyHome(context, request)),
    register: (request) => asShown(() => register(context, request)),
    recover: () => asShown(() => recover(context)),
  };
}
