import { InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { ResolvedRelease } from '../core/release.ts';
import { isLower } from './tag.ts';

/** @throws InstallError E_TAG_DOWNGRADE when both have versions and the release's is lower */
export function refuseOlder(release: ResolvedRelease, installed: ResolvedRelease): void {
  if (release.version === null || installed.version === null) return;
  if (!isLower(release.version, installed.version)) return;
  throw new InstallError(
    'E_TAG_DOWNGRADE',
    `Version ${release.version} is older than ${installed.version}, which is installed.`,
    {
      hint: 'Add --allow-downgrade, or undo the last operation with identity-rollback.',
      details: { installed: installed.version, selected: release.version },
    },
  );
}

/**
 * A published tag never moves; one that does is a mistake or an attack, and a person decides.
 *
 * @throws InstallError E_TAG_MOVED when the same tag named another commit when it was installed
 */
export function refuseMovedSince(release: ResolvedRelease, installed: ResolvedRelease): void {
  if (release.tag === null || release.tag !== installed.tag) return;
  if (release.commit === installed.commit) return;
  throw movedTag(release, 'is installed from', installed.commit);
}

export function movedTag(release: ResolvedRelease, how: string, before: string): InstallError {
  const name = release.tag === null ? 'The release' : `Tag ${release.tag}`;
  return new InstallError(
    'E_TAG_MOVED',
    `${name} ${how} commit ${before}, but at ${printable(release.url)} it is ${release.commit} now.`,
    {
      hint: 'Ask its maintainers why. Then --accept-moved-tag takes the new commit, --release <commit> the old one.',
      details: { tag: release.tag, before, now: release.commit },
    },
  );
}
