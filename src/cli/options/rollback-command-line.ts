import type { RollbackRequest } from '../../install/use-cases.ts';
import type { GlobalOptions } from './global-options.ts';
import { shellWords, valueWords } from './shell-words.ts';

/** The arguments that ask `identity-rollback` for exactly this, in the same home. */
export function rollbackCommandLine(
  request: RollbackRequest,
  { home, scope }: Pick<GlobalOptions, 'home' | 'scope'>,
): string {
  return shellWords([
    request.ref,
    ...valueWords('home', home),
    ...valueWords('scope', scope),
    ...request.paths.flatMap((path) => valueWords('path', path)),
    ...(request.through ? ['--through'] : []),
    ...(request.stopAfter === undefined ? [] : [`--${request.stopAfter}`]),
    ...valueWords('plan-digest', request.planDigest),
  ]);
}
