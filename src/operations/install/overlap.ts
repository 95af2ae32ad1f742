import { InstallError } from '../../core/errors.ts';
import type { ResolvedRelease } from '../../core/release.ts';
import { isInside } from '../../core/containment.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { repositoryAround } from '../../protocol/repository-around.ts';
import type { Source } from '../../release/source.ts';

/**
 * A directory is imported with everything below it: with the home in it, that would be every
 * instance and all of our own state. Repositories hand out what was committed, and may hold one.
 *
 * @throws InstallError E_TARGET_PROTECTED
 */
export function refuseSourceAround(source: Source, home: string): void {
  if (source.kind === 'directory' && isInside(home, source.url)) {
    throw overlap(source.url, home, 'holds the home');
  }
}

/**
 * What is installed must not come out of the very directory that it is installed into.
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
 * to work with. That is no instance: nothing is installed over what somebody is writing.
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
      remedy: 'Install into another home, or take its entry out of catalog.local.yaml first.',
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
