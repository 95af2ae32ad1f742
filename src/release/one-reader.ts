import { keepReader } from '../platform/git/kept-reader.ts';
import type { StoreContext } from './context.ts';

/** Runs `work` with a context that reads the store through one process, which ends with it. */
export async function withOneReader<Context extends StoreContext, T>(
  context: Context,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const reader = keepReader(context.git);
  try {
    return await work({ ...context, git: reader.git });
  } finally {
    await reader.close();
  }
}
