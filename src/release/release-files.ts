import { InstallError } from '../core/errors.ts';
import type { PackPath } from '../core/path.ts';
import { printable } from '../core/printable.ts';
import { steps } from '../core/remedy.ts';
import { storeDirectory, type StoreContext } from './context.ts';

export interface ReleaseFile {
  readonly commit: string;
  /** From the root of the release: `identity/packs/<id>/…`. */
  readonly path: PackPath;
}

/**
 * Bytes of files of any release in the store, in the order asked, from one git process: the bases
 * of a merge, the old side of a diff. `bytes` is undefined if that release has no such file, or one
 * of more than `mostBytes`.
 *
 * @throws E_PACK_PATH for a path that cannot be requested
 */
export async function* readReleaseFiles(
  context: StoreContext,
  files: readonly ReleaseFile[],
  mostBytes?: number,
): AsyncGenerator<ReleaseFile & Blob, void, undefined> {
  const names = files.map(({ commit, path }) => {
    if (/^[0-9a-f]{40,64}$/.test(commit) && /^[^/\n\0][^\n\0]*$/.test(path)) {
      return `${commit}:${path}`;
    }
    throw new InstallError(
      'E_PACK_PATH',
      `This is not a valid path of a file in a release: ${printable(path)}`,
      {
        remedy: steps('The record of the identity may be damaged.', {
          kind: 'command',
          command: 'verify',
          to: 'check it',
        }),
        details: { commit, path: printable(path) },
      },
    );
  });
  let index = 0;
  for await (const blob of readBlobs(context, names, mostBytes)) {
    const file = files[index];
    index += 1;
    if (file !== undefined) yield { ...file, ...blob };
  }
}

export interface Blob {
  /** Undefined if it is missing, not a blob, or larger than requested. */
  readonly bytes: Buffer | undefined;
  /** In bytes, even if it is larger than requested; 0 if it is missing or not a blob. */
  readonly size: number;
}

/**
 * Whole blobs, one in memory at a time. The size of one that is larger than `mostBytes` is known
 * before any of it is read.
 */
export async function* readBlobs(
  context: StoreContext,
  names: readonly string[],
  mostBytes = Infinity,
): AsyncGenerator<Blob, void, undefined> {
  if (names.length === 0) return;
  const reader = context.git.openObjects(storeDirectory(context), 'stream', context.signal);
  try {
    let pieces: Buffer[] | undefined;
    let isTold = false;
    for await (const parts of reader.read(names)) {
      for (const part of parts) {
        switch (part.kind) {
          case 'header':
            isTold = part.type === 'blob' && part.size > mostBytes;
            if (isTold) yield { bytes: undefined, size: part.size };
            pieces = part.type === 'blob' && !isTold ? [] : undefined;
            break;
          case 'data':
            pieces?.push(part.bytes);
            break;
          case 'end':
            if (!isTold) yield blobOf(pieces);
            break;
          case 'missing':
            yield blobOf(undefined);
        }
      }
    }
  } finally {
    await reader.close();
  }
}

function blobOf(pieces: readonly Buffer[] | undefined): Blob {
  const bytes = pieces && Buffer.concat(pieces);
  return { bytes, size: bytes?.byteLength ?? 0 };
}
