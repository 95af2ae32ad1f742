import type { RollbackRequest } from '../../../operations/rollback/request.ts';
import { shellWords, valueWords } from '../../options/shell-words.ts';

/**
 * The arguments of `identity-rollback` for exactly this request, in any working directory.
 *
 * @param home absolute
 */
export function rollbackCommandLine(request: RollbackRequest, home: string): string {
  return shellWords([
    request.ref,
    ...valueWords('home', home),
    ...request.paths.flatMap((path) => valueWords('path', path)),
    ...(request.through ? ['--through'] : []),
    ...(request.stopAfter === undefined ? [] : [`--${request.stopAfter}`]),
    ...valueWords('plan-digest', request.planDigest),
  ]);
}
