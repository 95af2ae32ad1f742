/**
 * # The release room
 *
 * From a source and a selector to bytes, in this order:
 *
 * - `parseSource` (source.ts): what a source string means
 * - `resolveRelease` (here): source and selector to one commit, fetched and in the store
 * - `readDocument`, `listTree` (tree.ts): the catalog and the tree of that commit
 * - `readPack` (pack.ts): the validated pack of one identity, bytes included
 * - `readReleaseFiles` (release-files.ts): bytes of earlier releases, for bases and diffs
 * - `refuseOlder`, `refuseMovedSince` (step-back.ts): compare the release with the installed one
 * - `pinCommit` (store.ts): keeps an installed commit in the store permanently
 *
 * All take a `ReleaseContext`. Nothing here writes outside `<state>/releases.*`.
 */
import { InstallError } from '../core/errors.ts';
import type { ReleaseContext } from './context.ts';
import type { Resolution, ResolveOptions } from './resolution.ts';
import { resolveCommit } from './resolve-commit.ts';
import { resolveImport } from './resolve-import.ts';
import { resolveTag } from './resolve-tag.ts';
import { remoteOf } from './source.ts';
import { refuseStrangeStore } from './store-check.ts';
import { parseSelector } from './tag.ts';

/**
 * One release, its objects complete in the store. If the remote announces what the store already
 * knows, nothing is fetched and no lock is taken. Branches are ignored, except for completing an
 * abbreviated commit id.
 *
 * @throws E_TAG_INVALID, E_TAG_NOT_FOUND, E_TAG_AMBIGUOUS, E_TAG_OBJECT, E_TAG_MOVED
 *   (docs/hostile-input.md#tags); E_SOURCE_UNREACHABLE, E_OFFLINE, E_GIT_MISSING;
 *   E_HOME_LOCKED, E_HOME_UNSAFE; for directories and archives what `importSource` throws
 */
export async function resolveRelease(
  context: ReleaseContext,
  options: ResolveOptions,
): Promise<Resolution> {
  const selector = parseSelector(options.selector);
  refuseStrangeStore(context);
  if (options.source.kind === 'starter' && context.fs.stat(options.source.path) === undefined) {
    throw new InstallError(
      'E_SOURCE_UNREACHABLE',
      'This build does not include starter releases.',
      {
        remedy: { kind: 'option', option: 'from', to: 'use another source' },
      },
    );
  }
  if (remoteOf(options.source) === undefined) return resolveImport(context, options, selector);
  if (selector.kind === 'commit') return resolveCommit(context, options, selector);
  return resolveTag(context, options, selector);
}
