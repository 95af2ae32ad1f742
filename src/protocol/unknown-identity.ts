import { InstallError } from '../core/errors.ts';
import { nearest, nearestFirst } from '../core/nearest.ts';
import { nameOneOf, steps, type RemedyLike } from '../core/remedy.ts';

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
  advice: { readonly none: RemedyLike; readonly more?: RemedyLike },
): InstallError {
  const near = nearestFirst(id, known);
  return new InstallError('E_ID_UNKNOWN', `There is no identity "${id}" here.`, {
    remedy: steps(
      nameOneOf(near, advice.none, nearest(id, near)),
      near.length === 0 ? undefined : advice.more,
    ),
    details: { id, known: near },
  });
}
