import { InstallError } from '../core/errors.ts';
import { nearest, nearestFirst } from '../core/nearest.ts';

const mostNamed = 10;

/**
 * That nobody goes by an id where it was looked for.
 *
 * @param known the ids that are there; those most like `id` are named
 * @param advice what to do where there is none at all, and what follows the names
 * @returns InstallError E_ID_UNKNOWN
 */
export function unknownIdentity(
  id: string,
  known: Iterable<string>,
  advice: { readonly none: string; readonly more?: string },
): InstallError {
  const near = nearestFirst(id, known);
  const meant = nearest(id, near);
  const named = `${meant === undefined ? '' : `Did you mean "${meant}"? `}There ${near.length === 1 ? 'is' : 'are'}: ${near.slice(0, mostNamed).join(', ')}.`;
  return new InstallError('E_ID_UNKNOWN', `There is no identity "${id}" here.`, {
    hint:
      near.length === 0
        ? advice.none
        : advice.more === undefined
          ? named
          : `${named} ${advice.more}`,
    details: { id, known: near },
  });
}
