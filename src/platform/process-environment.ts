import { existsSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InstallError } from '../core/errors.ts';
import type { Environment } from './environment.ts';

/**
 * What this process was started with, read once.
 *
 * @throws InstallError E_IO when the working directory is gone
 */
export function readEnvironment(): Environment {
  return {
    variables: { ...process.env },
    workingDirectory: workingDirectory(),
    homeDirectory: homeDirectory(),
    uid: process.getuid?.(),
    umask: readUmask(),
    hostName: hostname(),
    pid: process.pid,
    platform: process.platform,
    packageDirectory: packageDirectoryAbove(dirname(fileURLToPath(import.meta.url))),
  };
}

function readUmask(): number {
  // It can only be read by setting it. In between, new files are too private, never too open.
  const umask = process.umask(0o077);
  process.umask(umask);
  return umask;
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new InstallError('E_IO', 'The working directory does not exist any more.', {
      remedy: 'Change to a directory that exists and try again.',
      cause,
    });
  }
}

function homeDirectory(): string | undefined {
  // An empty or relative HOME does not name a home directory, and without an entry for the user the
  // call throws ERR_SYSTEM_ERROR.
  try {
    const path = homedir();
    return isAbsolute(path) ? path : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR') {
      return undefined;
    }
    throw error;
  }
}

/**
 * The nearest directory with a `package.json`: the sources and the bundle lie at different depths.
 */
export function packageDirectoryAbove(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory;
  const parent = dirname(directory);
  if (parent !== directory) return packageDirectoryAbove(parent);
  throw new InstallError('E_BUG', 'The package that this program belongs to cannot be found.');
}
