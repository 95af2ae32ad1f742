import type { RollbackRequest } from '../../install/use-cases.ts';
import type { GlobalOptions } from './global-options.ts';
import { shellWords } from './shell-words.ts';

/** The arguments that ask `identity-rollback` for exactly this, in the same home. */
export function rollbackCommandLine(
  request: RollbackRequest,
  { home, scope }: Pick<GlobalOptions, 'home' | 'scope'>,
): string {
  return shellWords([
    request.ref,
    ...(home === undefined ? [] : ['--home', home]),
    ...(scope === undefined ? [] : ['--scope', scope]),
    ...request.paths.map((path) => `--path=${path}`),
    ...(request.through ? ['--through'] : []),
    ...(request.stopAfter === undefined ? [] : [`--${request.stopAfter}`]),
    ...(request.planDigest === undefined ? [] : ['--plan-digest', request.planDigest]),
  ]);
}
