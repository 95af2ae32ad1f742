import type { InstallContext } from './context.ts';
import type { UseCases } from './use-cases.ts';

/** The use cases over one set of adapters; each is loaded when it is asked for. */
export function createUseCases(context: InstallContext): UseCases {
  return {
    install: async (request) => (await import('./install.ts')).install(context, request),
    rollback: async (request) => (await import('./rollback.ts')).rollback(context, request),
    verify: async (request) => (await import('./verify.ts')).verify(context, request),
    history: async () => (await import('./list-history.ts')).listHistory(context),
    recover: async () => {
      const { withSession } = await import('./session.ts');
      return await withSession(context, ({ recovered }) => Promise.resolve(recovered));
    },
  };
}
