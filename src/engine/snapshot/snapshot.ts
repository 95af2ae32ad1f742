import { basename } from 'node:path';
import { createHash } from 'node:crypto';
import { sha256 } from '../../core/digest.ts';
import { errnoOf, InstallError } from '../../core/errors.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import { ArchiveError, type Archive, type ArchiveInput } from '../../platform/archive.ts';
import type { FileSystem, ReadFileSystem } from '../../platform/file-system.ts';
import { writeVerified } from '../../platform/files/verified-write.ts';
import type { FilePathState } from '../change.ts';
import { withinRoots } from '../live-state.ts';
import {
  damagedSnapshot,
  manifestOf,
  readManifest,
  snapshotPaths,
  type SnapshotFile,
  type SnapshotManifest,
  type SnapshotRequest,
} from './snapshot-manifest.ts';

interface SnapshotTools {
  readonly fs: FileSystem;
  readonly archive: Archive;
  readonly directory: string;
}

/**
 * Writes a snapshot and verifies it: the archive is read back and every member hashed before it
 * gets its name. After a crash either all three files exist or `discardSnapshot` removes the rest.
 *
 * @throws InstallError E_INSTANCE_CHANGED if a file is no longer in the planned state
 */
export async function takeSnapshot(
  tools: SnapshotTools,
  request: SnapshotRequest,
): Promise<SnapshotManifest> {
  const { fs, archive, directory } = tools;
  const paths = snapshotPaths(directory, request.ref);
  const temporary = `${paths.archive}.new`;
  await writeArchive(fs, temporary, archive.pack(membersOf(fs, request)));
  const files = new Map(request.files.map((file) => [file.member, file.state]));
  const expected = { files, directories: request.directories.length };
  const archiveSha256 = await readArchive(tools, temporary, expected, () => undefined);
  const manifest = manifestOf(request, basename(paths.archive), archiveSha256);
  const manifestBytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  const checksums = [
    `${archiveSha256}  ${basename(paths.archive)}\n`,
    `${sha256(manifestBytes)}  ${basename(paths.manifest)}\n`,
  ].join('');
  writeVerified(fs, paths.manifest, manifestBytes, 0o600);
  writeVerified(fs, paths.checksums, Buffer.from(checksums), 0o600);
  fs.rename(temporary, paths.archive);
  return manifest;
}

/** Removes whatever exists of the snapshot of an operation that never touched anything. */
export function discardSnapshot(fs: FileSystem, directory: string, ref: OperationRef): void {
  const paths = snapshotPaths(directory, ref);
  const { archive, manifest, checksums } = paths;
  for (const path of [archive, manifest, checksums, `${archive}.new`]) {
    if (fs.stat(path) !== undefined) fs.unlink(path);
  }
}

/**
 * Reads a manifest, and the archive in full against it.
 *
 * @param visit receives every file's member name and content, in archive order, while it is
 *   checked; its effects must be discarded if this fails
 * @throws InstallError E_SNAPSHOT_DAMAGED
 */
export async function openSnapshot(
  tools: Pick<SnapshotTools, 'archive' | 'directory'> & { readonly fs: ReadFileSystem },
  ref: OperationRef,
  visit: (member: string, content: Buffer) => void = () => undefined,
): Promise<SnapshotManifest> {
  const paths = snapshotPaths(tools.directory, ref);
  const manifest = readManifest(tools.fs, paths.manifest, ref);
  const files = new Map(
    manifest.files.map((file): [string, FilePathState] => [
      file.path,
      { kind: 'file', sha256: file.sha256, size: file.size, mode: Number.parseInt(file.mode, 8) },
    ]),
  );
  const expected = { files, directories: manifest.directories.length };
  const kind = tools.fs.stat(paths.archive)?.kind;
  if (kind !== 'file') {
    throw damagedSnapshot(paths.archive, kind === undefined ? 'it is missing' : 'it is not a file');
  }
  const actual = await readArchive(tools, paths.archive, expected, visit);
  if (actual !== manifest.archive_sha256) {
    throw damagedSnapshot(
      paths.archive,
      `its SHA-256 is ${actual}, not ${manifest.archive_sha256}`,
    );
  }
  return manifest;
}

function* membersOf(fs: ReadFileSystem, request: SnapshotRequest): Iterable<ArchiveInput> {
  const modifiedSeconds = Math.floor(Date.parse(request.createdAt) / 1000);
  for (const { member, mode } of request.directories) {
    yield { path: member, kind: 'directory', mode, size: 0, modifiedSeconds, content: () => [] };
  }
  for (const file of request.files) {
    yield {
      path: file.member,
      kind: 'file',
      mode: file.state.mode,
      size: file.state.size,
      modifiedSeconds: Number(file.modifiedNs / 1_000_000_000n),
      content: () => readUnchanged(fs, request, file),
    };
  }
}

const wholeFileBytes = 1 << 20;

function readUnchanged(
  fs: ReadFileSystem,
  { roots }: SnapshotRequest,
  file: SnapshotFile,
): Uint8Array | Iterable<Uint8Array> {
  try {
    return withinRoots(fs, roots, file.live, () => {
      const size = fs.stat(file.live)?.size;
      if (size !== file.state.size) throw changed(file);
      if (size > wholeFileBytes) return hashedChunks(opened(fs.readChunks(file.live)), file);
      const content = fs.read(file.live);
      if (sha256(content) !== file.state.sha256) throw changed(file);
      return content;
    });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) throw changed(file);
    throw error;
  }
}

/** Reads the first chunk now, which opens the file: its name is not looked up again. */
function opened(chunks: Iterable<Uint8Array>): Iterable<Uint8Array> {
  const iterator = chunks[Symbol.iterator]();
  const first = iterator.next();
  function* all(): Iterable<Uint8Array> {
    try {
      for (let next = first; next.done !== true; next = iterator.next()) yield next.value;
    } finally {
      iterator.return?.();
    }
  }
  return all();
}

/**
 * Detects a file that grows or shrinks before the archive code does, which knows nothing about
 * instances.
 */
function* hashedChunks(chunks: Iterable<Uint8Array>, file: SnapshotFile): Iterable<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > file.state.size) throw changed(file);
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== file.state.sha256) throw changed(file);
}

function changed(file: SnapshotFile): InstallError {
  return new InstallError('E_INSTANCE_CHANGED', `${file.live} changed while it was backed up.`, {
    remedy: 'Nothing was changed. Try again; a new plan will use the current files.',
    details: { path: file.live },
  });
}

async function writeArchive(
  fs: FileSystem,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  fs.writeNew(path, new Uint8Array(), 0o600);
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  const flush = () => {
    if (bytes > 0) fs.append(path, Buffer.concat(waiting));
    waiting = [];
    bytes = 0;
  };
  try {
    for await (const chunk of chunks) {
      waiting.push(Buffer.from(chunk));
      bytes += chunk.byteLength;
      if (bytes >= wholeFileBytes) flush();
    }
  } catch (error) {
    if (error instanceof ArchiveError) throw notArchivable(error);
    throw error;
  }
  flush();
}

/** A name that some tar program would read as another one, such as `a\b`. */
function notArchivable(cause: ArchiveError): InstallError {
  return new InstallError(
    'E_INSTANCE_UNREADABLE',
    `This cannot be stored in a backup: ${cause.message}.`,
    {
      remedy:
        'Nothing was changed. Give the file a name without backslashes, or move it out of the instance.',
      cause,
    },
  );
}

/** What an archive has to hold. */
interface Expected {
  readonly files: ReadonlyMap<string, FilePathState>;
  /** Their number. */
  readonly directories: number;
}

/**
 * Reads a whole archive, which must hold every expected member once and nothing else; returns its
 * SHA-256.
 */
async function readArchive(
  tools: Pick<SnapshotTools, 'archive'> & { readonly fs: ReadFileSystem },
  path: string,
  expected: Expected,
  visit: (member: string, content: Buffer) => void,
): Promise<string> {
  const hash = createHash('sha256');
  function* chunks(): Iterable<Uint8Array> {
    for (const chunk of tools.fs.readChunks(path)) {
      hash.update(chunk);
      yield Buffer.from(chunk);
    }
  }
  const missing = new Set(expected.files.keys());
  try {
    await tools.archive.unpack(chunks(), limitsFor(expected), (member, content) => {
      if (member.kind === 'directory') return;
      const file = expected.files.get(member.path);
      if (file === undefined || !missing.delete(member.path)) {
        throw new ArchiveError('entry', `it holds ${member.path}, which its manifest does not`);
      }
      if (sha256(content) !== file.sha256 || member.mode !== file.mode) {
        throw new ArchiveError('damaged', `${member.path} is not what was archived`);
      }
      visit(member.path, content);
    });
  } catch (error) {
    if (error instanceof ArchiveError) throw damagedSnapshot(path, error.message, error);
    throw error;
  }
  const [lost] = missing;
  if (lost !== undefined) throw damagedSnapshot(path, `it lacks ${lost}`);
  return hash.digest('hex');
}

/** The longest path, twice, and the numbers that a pax header may also hold. */
const headerBytes = 2 * 4096 + 1024;

function limitsFor({ files, directories }: Expected) {
  const members = files.size + directories;
  let totalBytes = members * headerBytes;
  let memberBytes = 0;
  for (const file of files.values()) {
    totalBytes += file.size;
    memberBytes = Math.max(memberBytes, file.size);
  }
  return { members, memberBytes, totalBytes };
}
