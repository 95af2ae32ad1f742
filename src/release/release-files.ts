import { InstallError } from '../core/errors.ts';
import type { PackPath } from '../core/path.ts';
import { printable } from '../core/printable.ts';
import { storeDirectory, type ReleaseContext } from './context.ts';

export interface ReleaseFile {
  readonly commit: string;
  /** From the root of the release: `identity/packs/<id>/…`. */
  readonly path: PackPath;
}

/**
 * Bytes of files of any release in the store, in the order asked, from one git process: the bases
 * of a merge, the old side of a diff. `bytes` is undefined where that release has no such file.
 * @throws E_PACK_PATH for a path that cannot be asked for
 */
export async function* readReleaseFiles(
  context: ReleaseContext,
  files: readonly ReleaseFile[],
): AsyncGenerator<ReleaseFile & { readonly bytes: Buffer | undefined }, void, undefined> {
  const names = files.map(({ commit, path }) => {
    if (/^[0-9a-f]{40,64}$/.test(commit) && /^[^/\n\0][^\n\0]*$/.test(path)) {
      return `${commit}:${path}`;
    }
    throw new InstallError('E_PACK_PATH', `This is no file of a release: ${printable(path)}`, {
      hint: 'The record of the identity may be damaged; check it with identity verify.',
      details: { commit, path: printable(path) },
    });
  });
  let index = 0;
  for await (const { bytes } of readBlobs(context, names)) {
    const file = files[index];
    index += 1;
    if (file !== undefined) yield { ...file, bytes };
  }
}

/** Whole blobs, one in memory at a time; `bytes` is undefined for what is no blob or not there. */
export async function* readBlobs(
  context: ReleaseContext,
  names: readonly string[],
): AsyncGenerator<{ readonly bytes: Buffer | undefined }, void, undefined> {
  if (names.length === 0) return;
  const reader = context.git.openObjects(storeDirectory(context), 'stream', context.signal);
  try {
    let pieces: Buffer[] | undefined;
    for await (const parts of reader.read(names)) {
      for (const part of parts) {
        switch (part.kind) {
          case 'header':
            pieces = part.type === 'blob' ? [] : undefined;
            break;
          case 'data':
            pieces?.push(part.bytes);
            break;
          case 'end':
            yield { bytes: pieces === undefined ? undefined : Buffer.concat(pieces) };
            break;
          case 'missing':
            yield { bytes: undefined };
        }
      }
    }
  } finally {
    await reader.close();
  }
}
