import { InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { ResolvedRelease } from '../core/release.ts';
import { steps } from '../core/remedy.ts';
import type { ResolveOptions } from './resolution.ts';
import type { StoredTag } from './store.ts';
import { isLower } from './tag.ts';

/** @throws InstallError E_TAG_DOWNGRADE if both have versions and the release's is lower */
export function refuseOlder(release: ResolvedRelease, installed: ResolvedRelease): void {
  if (release.version === null || installed.version === null) return;
  if (!isLower(release.version, installed.version)) return;
  throw new InstallError(
    'E_TAG_DOWNGRADE',
    `Version ${release.version} is older than ${installed.version}, which is installed.`,
    {
      remedy: steps(
        { kind: 'option', option: 'allowDowngrade', to: 'install the older version' },
        'Or undo the last operation, if it installed the newer version.',
      ),
      details: { installed: installed.version, selected: release.version },
    },
  );
}

/**
 * A published tag never moves; a moved one is a mistake or an attack, so the user decides.
 *
 * @throws InstallError E_TAG_MOVED if the tag led to another commit when it was installed
 */
export function refuseMovedSince(release: ResolvedRelease, installed: ResolvedRelease): void {
  if (release.tag === null || release.tag !== installed.tag) return;
  if (release.commit === installed.commit) return;
  throw movedTag(release, 'is installed from', installed.commit);
}

/**
 * A tag must still lead to the commit known from earlier runs, unless the user accepted that it
 * moved.
 *
 * @param before the tag as the store knew it
 * @throws InstallError E_TAG_MOVED
 */
export function refuseMoved(
  release: ResolvedRelease,
  before: StoredTag | undefined,
  { expectedCommit, acceptMovedTag }: Pick<ResolveOptions, 'expectedCommit' | 'acceptMovedTag'>,
): void {
  if (acceptMovedTag === true) return;
  if (expectedCommit !== undefined && expectedCommit !== release.commit) {
    throw movedTag(release, 'was pinned to', expectedCommit);
  }
  const seen = before?.commit ?? release.commit;
  if (seen !== release.commit) throw movedTag(release, 'was seen at', seen);
}

function movedTag(release: ResolvedRelease, how: string, before: string): InstallError {
  const name = release.tag === null ? 'The release' : `Tag ${release.tag}`;
  return new InstallError(
    'E_TAG_MOVED',
    `${name} ${how} commit ${before}, but at ${printable(release.url)} it is ${release.commit} now.`,
    {
      remedy: steps(
        'Ask its maintainers why.',
        { kind: 'option', option: 'acceptMovedTag', to: 'take the new commit' },
        { kind: 'option', option: 'release', value: before, to: 'stay with the old one' },
      ),
      details: { tag: release.tag, before, now: release.commit },
    },
  );
}
