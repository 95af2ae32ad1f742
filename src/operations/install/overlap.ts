import { InstallError } from '../../core/errors.ts';
import type { ResolvedRelease } from '../../core/release.ts';
import { isInside } from '../../core/containment.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { repositoryAround } from '../../protocol/repository-around.ts';
import type { Source } from '../../release/source.ts';

/**
 * A directory is imported with everything below it: if that includes the home, it would include
 * every instance and all of our own state. A repository provides only what was committed, so it may
 * contain one.
 *
 * @throws InstallError E_TARGET_PROTECTED
 */
export function refuseSourceAround(source: Source, home: string): void {
  if (source.kind === 'directory' && isInside(home, source.url)) {
    throw overlap(source.url, home, 'holds the home');
  }
}

/**
 * The source must not be the directory that is installed into.
 *
 * @throws InstallError E_TARGET_PROTECTED
 */
export function refuseSourceInside(release: ResolvedRelease, instance: string): void {
  const { url, sourceKind } = release;
  if (sourceKind !== 'git' && sourceKind !== 'starter' && isInside(url, instance)) {
    throw overlap(url, instance, 'is, or lies in, the instance');
  }
}

/**
 * A local catalog may name a pack in a protocol repository as an identity's place, for its author
 * to work with. That is not an instance: nothing may be installed over somebody's work.
 *
 * @throws InstallError E_TARGET_PROTECTED
 */
export function refuseRepositoryAround(fs: ReadFileSystem, home: string, instance: string): void {
  const repository = repositoryAround(fs, home, instance);
  if (repository === undefined) return;
  throw new InstallError(
    'E_TARGET_PROTECTED',
    `${instance} is a pack of the protocol repository ${repository}, not an instance.`,
    {
      remedy: 'Install into another home, or remove its entry from catalog.local.yaml first.',
      details: { target: instance, repository },
    },
  );
}

function overlap(source: string, target: string, how: string): InstallError {
  return new InstallError('E_TARGET_PROTECTED', `The source ${source} ${how} ${target}.`, {
    remedy: 'Copy the pack to a directory of its own and install it from there.',
    details: { source, target },
  });
}
