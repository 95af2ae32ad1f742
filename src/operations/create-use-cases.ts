import type { InstallContext } from '../engine/context.ts';
import { ioError } from '../core/io-error.ts';
import type { UseCases } from './use-cases.ts';

/**
 * The use cases over one set of adapters; each is loaded when it is asked for. A home that cannot
 * be read or written is no defect of the program, wherever a use case first meets it: in the lock,
 * the ledger or the store of releases.
 */
export function createUseCases(context: InstallContext): UseCases {
  const named = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw ioError(error, `working in ${context.layout.home}`);
    }
  };
  return {
    install: (request) =>
      named(async () => (await import('./install/install.ts')).install(context, request)),
    rollback: (request) =>
      named(async () => (await import('./rollback/rollback.ts')).rollback(context, request)),
    verify: (request) =>
      named(async () => (await import('../inspection/verify/verify.ts')).verify(context, request)),
    verifyHome: (request) =>
      named(async () =>
        (await import('../inspection/verify/verify-home.ts')).verifyHome(context, request),
      ),
    history: () =>
      named(async () =>
        (await import('../inspection/history/list-history.ts')).listHistory(context),
      ),
    register: (request) =>
      named(async () => (await import('./register/register.ts')).register(context, request)),
    recover: () =>
      named(async () => {
        const { isUnused, withSession } = await import('../engine/session.ts');
        if (isUnused(context)) return [];
        return await withSession(context, ({ recovered }) => Promise.resolve(recovered));
      }),
  };
}
