import { join } from 'node:path';
import { treeSignature } from '../../core/digest.ts';
import { InstallError } from '../../core/errors.ts';
import { refuseNewerSchema } from '../../core/newer-schema.ts';
import { octal } from '../../core/octal.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import { steps } from '../../core/remedy.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import type { Change, FilePathState } from '../change.ts';
import type { Roots } from '../live-state.ts';

/** One file that a snapshot must hold, exactly as the plan saw it. */
export interface SnapshotFile {
  /** As `memberName` returns it. */
  readonly member: string;
  readonly live: string;
  readonly state: FilePathState;
  readonly modifiedNs: bigint;
}

/** The name of a file in the archive: `<id>/<path>`, or `catalog.local.yaml`. */
export function memberName(id: string, { root, path }: Pick<Change, 'root' | 'path'>): string {
  return root === 'home' ? path : `${id}/${path}`;
}

export interface SnapshotContents {
  readonly files: readonly SnapshotFile[];
  readonly directories: readonly { readonly member: string; readonly mode: number }[];
  /** Links of the instance: listed in the manifest, never followed, never archived. */
  readonly links: readonly { readonly member: string; readonly target: string }[];
}

export interface SnapshotRequest extends SnapshotContents {
  readonly ref: OperationRef;
  readonly id: string;
  /**
   * The directories of the files; a link in place of a directory cannot redirect a read elsewhere.
   */
  readonly roots: Roots;
  /**
   * `instance`: all of it, as a requested backup; otherwise what the operation changes or removes.
   */
  readonly holds: 'instance' | 'changed-files';
  readonly createdAt: string;
}

/** `snapshots/<ref>.json` (docs/evidence-format.md). */
export interface SnapshotManifest {
  readonly schema: 'identity-install/snapshot@1';
  readonly ref: OperationRef;
  readonly id: string;
  readonly holds: SnapshotRequest['holds'];
  readonly created_at: string;
  readonly archive: string;
  readonly archive_sha256: string;
  /** Signature over all files (docs/evidence-format.md#signatures). */
  readonly signature: string;
  readonly files: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly size: number;
    readonly mode: string;
  }[];
  readonly directories: readonly { readonly path: string; readonly mode: string }[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

export interface SnapshotPaths {
  readonly archive: string;
  readonly manifest: string;
  readonly checksums: string;
}

export function snapshotPaths(directory: string, ref: OperationRef): SnapshotPaths {
  return {
    archive: join(directory, `${ref}.tar.gz`),
    manifest: join(directory, `${ref}.json`),
    checksums: join(directory, `${ref}.sha256`),
  };
}

/** @throws InstallError E_SNAPSHOT_DAMAGED, E_LAYOUT_NEWER */
export function readManifest(
  fs: ReadFileSystem,
  path: string,
  ref: OperationRef,
): SnapshotManifest {
  let manifest: Partial<SnapshotManifest> | null;
  try {
    manifest = JSON.parse(fs.read(path).toString('utf8')) as Partial<SnapshotManifest> | null;
  } catch (cause) {
    throw damagedSnapshot(path, 'it cannot be read', cause);
  }
  refuseNewerSchema(manifest?.schema, 'identity-install/snapshot@1', path);
  const whole =
    manifest?.schema === 'identity-install/snapshot@1' &&
    Array.isArray(manifest.files) &&
    Array.isArray(manifest.directories);
  if (!whole || manifest?.ref !== ref || manifest.files?.every(isManifestFile) !== true) {
    throw damagedSnapshot(path, 'it is not a manifest of this operation');
  }
  return manifest as SnapshotManifest;
}

function isManifestFile(file: unknown): boolean {
  const { path, sha256: digest, size, mode } = (file ?? {}) as Record<string, unknown>;
  const isValid = typeof path === 'string' && typeof digest === 'string';
  return isValid && Number.isSafeInteger(size) && typeof mode === 'string';
}

export function manifestOf(
  request: SnapshotRequest,
  archive: string,
  archiveSha256: string,
): SnapshotManifest {
  return {
    schema: 'identity-install/snapshot@1',
    ref: request.ref,
    id: request.id,
    holds: request.holds,
    created_at: request.createdAt,
    archive,
    archive_sha256: archiveSha256,
    signature: treeSignature(request.files.map((file) => [file.member, file.state.sha256])),
    files: request.files.map(({ member, state }) => ({
      path: member,
      sha256: state.sha256,
      size: state.size,
      mode: octal(state.mode),
    })),
    directories: request.directories.map(({ member, mode }) => ({
      path: member,
      mode: octal(mode),
    })),
    links: request.links.map(({ member, target }) => ({ path: member, target })),
  };
}

export function damagedSnapshot(path: string, why: string, cause?: unknown): InstallError {
  return new InstallError(
    'E_SNAPSHOT_DAMAGED',
    `The snapshot ${path} fails verification: ${why}.`,
    {
      remedy: steps(
        'Nothing was changed. `sha256sum -c` in its directory shows which file is damaged.',
        { kind: 'restore', what: 'that file' },
      ),
      details: { path },
      cause,
    },
  );
}
