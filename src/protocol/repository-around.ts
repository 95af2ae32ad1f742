import { dirname, join } from 'node:path';
import { isInside } from '../core/containment.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { catalogPath } from './catalog.ts';

/** The protocol repository, if a place outside the home is a pack of one; otherwise undefined. */
export function repositoryAround(
  fs: ReadFileSystem,
  home: string,
  instance: string,
): string | undefined {
  if (isInside(instance, home)) return undefined;
  for (let at = dirname(instance); at !== dirname(at); at = dirname(at)) {
    const isRepository = fs.stat(join(at, catalogPath)) !== undefined;
    if (isRepository && isInside(instance, join(at, 'identity'))) return at;
  }
  return undefined;
}
