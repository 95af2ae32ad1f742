import { ensureDirSync } from 'fs-extra/esm';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { helperRelease } from './helper-pack.ts';

/** Between the two, every kind of change: bytes, mode, new, gone, file to directory and back. */
export const twoHelperReleases = {
  'v1.0.0': helperRelease({
    'IDENTITY_PROMPT.md': 'one\n',
    'a.md': 'a1\n',
    same: 'same\n',
    'd/b.md': 'b1\n',
    file: 'becomes a directory\n',
    'directory/deep/y': 'becomes a file\n',
  }),
  'v1.1.0': helperRelease({
    'IDENTITY_PROMPT.md': 'two\n',
    'a.md': 'a2\n',
    same: { content: 'same\n', executable: true },
    'e/n.md': 'new\n',
    'file/x': 'is a directory now\n',
    directory: 'is a file now\n',
  }),
};

const edit = 'mine instead of a1\n';
const note = 'a note of mine\n';

/** What the user and the agent write: it is in no release, and must be found for ever. */
export const userContents = [edit, note];

/** Time passes, and the user and the agent write. */
export function liveIn(instance: string): void {
  writeFileSync(join(instance, 'a.md'), edit);
  chmodSync(join(instance, 'a.md'), 0o600);
  ensureDirSync(join(instance, 'own', 'empty'));
  writeFileSync(join(instance, 'own', 'notes'), note);
}
