import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { removeTree } from './remove-tree.ts';
import { keptDirectory } from './temporary-directory.ts';
import { copyTree } from './tree.ts';

/**
 * What many tests begin with, made once: each gets a directory in the state that `make` leaves, for
 * itself, and always at the same path, since homes and repositories know where they are.
 *
 * @returns called in a test: the directory
 */
export function keptPlaces(make: (directory: string) => Promise<unknown>): () => Promise<string> {
  const places: { readonly directory: string; readonly saved: string; free: boolean }[] = [];
  return async () => {
    let place = places.find(({ free }) => free);
    if (place === undefined) {
      const root = keptDirectory();
      // Some tests give the place to another user, who has to get there.
      chmodSync(root, 0o711);
      place = { directory: join(root, 'place'), saved: join(root, 'saved'), free: false };
      mkdirSync(place.directory);
      await make(place.directory);
      copyTree(place.directory, place.saved);
      places.push(place);
    } else {
      removeTree(place.directory);
      copyTree(place.saved, place.directory);
    }
    const taken = place;
    taken.free = false;
    onTestFinished(() => {
      taken.free = true;
    });
    return taken.directory;
  };
}
