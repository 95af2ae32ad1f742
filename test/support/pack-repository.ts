import { outputFileSync } from 'fs-extra/esm';
import { join } from 'node:path';
import { scaffoldRepository } from '../../src/protocol/creator/scaffold-repository.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** When the pack of `packRepository` was written. */
export const written = new Date('2026-02-22T12:00:00Z');

/** A protocol repository on the disk with one valid pack, `helper`; not in git. */
export function packRepository(root = temporaryDirectory()): string {
  const files = scaffoldRepository({
    id: 'helper',
    title: 'The helper',
    description: 'Helps in tests, and nowhere else.',
    objective: 'Be valid until somebody changes something.',
    now: written,
  });
  for (const [path, bytes] of files) outputFileSync(join(root, path), bytes);
  return root;
}
