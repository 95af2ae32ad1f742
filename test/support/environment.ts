import type { Environment } from '../../src/platform/environment.ts';

/** A user `ann` on a POSIX machine, in her own project. */
export function environmentOf(given: Partial<Environment> = {}): Environment {
  return {
    variables: {},
    workingDirectory: '/home/ann/code/project/src',
    homeDirectory: '/home/ann',
    uid: process.getuid?.(),
    umask: 0o022,
    hostName: 'host',
    pid: 1,
    platform: 'linux',
    packageDirectory: '/package',
    ...given,
  };
}
