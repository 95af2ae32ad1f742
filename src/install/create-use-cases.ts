import type { InstallContext } from './context.ts';
import { install } from './install.ts';
import { ioError } from './io-error.ts';
import { listHistory } from './list-history.ts';
import { rollback } from './rollback.ts';
import { isUnused, withSession } from './session.ts';
import type { RecoveredOperation, UseCases } from './use-cases.ts';
import { verify } from './verify.ts';

/**
 * The use cases over one set of adapters. A home that cannot be read or written is no defect of the
 * program, wherever a use case first meets it: in the lock, the ledger or the store of releases.
 */
export function createUseCases(context: InstallContext): UseCases {
  const named = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw ioError(error, `working in ${context.layout.home}`);
    }
  };
  return {
    install: (request) => named(install(context, request)),
    rollback: (request) => named(rollback(context, request)),
    verify: (request) => named(verify(context, request)),
    history: () => named(listHistory(context)),
    recover: () => named(recover(context)),
  };
}

async function recover(context: InstallContext): Promise<readonly RecoveredOperation[]> {
  if (isUnused(context)) return [];
  return await withSession(context, ({ recovered }) => Promise.resolve(recovered));
}
