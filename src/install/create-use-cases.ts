import type { InstallContext } from './context.ts';
import { install } from './install.ts';
import { listHistory } from './list-history.ts';
import { rollback } from './rollback.ts';
import { withSession } from './session.ts';
import type { UseCases } from './use-cases.ts';
import { verify } from './verify.ts';

/** The use cases over one set of adapters. */
export function createUseCases(context: InstallContext): UseCases {
  return {
    install: (request) => install(context, request),
    rollback: (request) => rollback(context, request),
    verify: (request) => verify(context, request),
    history: () => listHistory(context),
    recover: () => withSession(context, ({ recovered }) => Promise.resolve(recovered)),
  };
}
