import { printable } from '../../core/printable.ts';
import type { ResolvedRelease } from '../../core/release.ts';

/** `v1.4.10`, or `commit 3f9a1c2d4e5f` if no tag was given. */
export function releaseName(release: ResolvedRelease): string {
  return release.tag === null ? `commit ${shortCommit(release)}` : printable(release.tag);
}

/** `v1.4.10 (3f9a1c2d4e5f)`: the tag and its commit. */
export function releaseWithCommit(release: ResolvedRelease): string {
  return release.tag === null
    ? releaseName(release)
    : `${releaseName(release)} (${shortCommit(release)})`;
}

/** Where it came from, for people. */
export function sourceName(release: ResolvedRelease): string {
  return release.sourceKind === 'starter' ? 'the built-in starter' : printable(release.url);
}

/** Enough of the commit to find it again with git. */
function shortCommit(release: ResolvedRelease): string {
  return release.commit.slice(0, 12);
}
