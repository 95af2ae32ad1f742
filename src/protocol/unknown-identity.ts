import { InstallError } from '../core/errors.ts';
import { nearestFirst } from '../core/nearest.ts';
import { nameOneOf, steps, type RemedyLike } from '../core/remedy.ts';

/**
 * The error for an id that does not exist where it was searched.
 *
 * @param known the existing ids; those most similar to `id` are named
 * @param advice what to do if there are none at all, and the text after the names
 * @returns InstallError E_ID_UNKNOWN
 */
export function unknownIdentity(
  id: string,
  known: Iterable<string>,
  advice: { readonly none: RemedyLike; readonly more?: RemedyLike },
): InstallError {
  const near = nearestFirst(id, known);
  return new InstallError('E_ID_UNKNOWN', `There is no identity "${id}" here.`, {
    remedy: steps(nameOneOf(id, near, advice.none), near.length === 0 ? undefined : advice.more),
    details: { id, known: near },
  });
}
