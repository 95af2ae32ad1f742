import { realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errnoOf } from '../core/errors.ts';
import { packageDirectoryAbove } from './process-environment.ts';

/** How this program was started, as far as it decides how another of its programs can be. */
export interface LaunchFacts {
  /** Whether npx started it, from its cache or from the package in the working directory. */
  readonly startedByNpx: boolean;
  /** Absolute directory of the running package, links resolved. */
  readonly packageDirectory: string;
  /** Absolute path of the node that runs. */
  readonly node: string;
  /** The file that a program name stands for on PATH, links resolved. */
  readonly onPath: (program: string) => string | undefined;
}

/** Apart from `process.ts`, which everything that prints a version has to load. */
export function readLaunch(): LaunchFacts {
  return {
    startedByNpx: /[\\/]_npx[\\/]/.test(process.argv[1] ?? ''),
    packageDirectory: packageDirectoryAbove(dirname(fileURLToPath(import.meta.url))),
    node: process.execPath,
    onPath: findOnPath,
  };
}

function findOnPath(program: string): string | undefined {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      return realpathSync(join(directory, program));
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return undefined;
}
