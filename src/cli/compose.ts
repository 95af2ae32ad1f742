import { InstallError } from '../core/errors.ts';
import type { Compose } from './composition.ts';

/** The only place where adapters meet use cases (DESIGN.md §2). */
export const compose: Compose = () => {
  throw new InstallError('E_BUG', 'The use cases are not put together yet.');
};
