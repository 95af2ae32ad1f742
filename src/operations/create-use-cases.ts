import type { OperationContext } from './context.ts';
import { ioError } from '../core/io-error.ts';
import type { InstallRequest } from './install/request.ts';
import type { InstallRun } from './install/outcome.ts';
import type { RecoveredOperation } from '../engine/transaction/recover.ts';
import type { RollbackRequest } from './rollback/request.ts';
import type { RollbackRun } from './rollback/outcome.ts';
import type { HistoryRun } from '../inspection/history/list-history.ts';
import type { VerifyRequest } from '../inspection/verify/verify.ts';
import type { VerifyRun } from '../inspection/verify/verify.ts';
import type { VerifyHomeRun } from '../inspection/verify/verify-home.ts';
import type { RegisterRequest } from './register/request.ts';
import type { RegisterRun } from './register/request.ts';

/** Everything that a surface can request. */
export interface UseCases {
  readonly install: (request: InstallRequest) => Promise<InstallRun>;
  readonly rollback: (request: RollbackRequest) => Promise<RollbackRun>;
  readonly history: () => Promise<HistoryRun>;
  readonly verify: (request: VerifyRequest) => Promise<VerifyRun>;
  readonly verifyHome: (request: Pick<VerifyRequest, 'expectHead'>) => Promise<VerifyHomeRun>;
  /** Writes an entry of the local catalog, or activates it; no file of an instance. */
  readonly register: (request: RegisterRequest) => Promise<RegisterRun>;
  readonly recover: () => Promise<readonly RecoveredOperation[]>;
}

/**
 * The use cases over one set of adapters; each is loaded at its first use. A home that cannot be
 * read or written is not a defect of the program, wherever a use case first notices it: in the
 * lock, the ledger or the store of releases.
 */
export function createUseCases(context: OperationContext): UseCases {
  const withIoErrors = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw ioError(error, `working in ${context.layout.home}`);
    }
  };
  return {
    install: (request) =>
      withIoErrors(async () => (await import('./install/install.ts')).install(context, request)),
    rollback: (request) =>
      withIoErrors(async () => (await import('./rollback/rollback.ts')).rollback(context, request)),
    verify: (request) =>
      withIoErrors(async () =>
        (await import('../inspection/verify/verify.ts')).verify(context, request),
      ),
    verifyHome: (request) =>
      withIoErrors(async () =>
        (await import('../inspection/verify/verify-home.ts')).verifyHome(context, request),
      ),
    history: () =>
      withIoErrors(async () =>
        (await import('../inspection/history/list-history.ts')).listHistory(context),
      ),
    register: (request) =>
      withIoErrors(async () => (await import('./register/register.ts')).register(context, request)),
    recover: () =>
      withIoErrors(async () => {
        const { isUnused, withSession } = await import('../engine/session.ts');
        if (isUnused(context)) return [];
        return await withSession(context, ({ recovered }) => Promise.resolve(recovered));
      }),
  };
}
