import { gzipSync } from 'node:zlib';
import { Header, Pax } from 'tar';
import type { HeaderData } from 'tar/header';
import type { ArchiveInput, ArchiveLimits, ArchiveMember } from '../../src/platform/archive.ts';
import { createGzipTarArchive } from '../../src/platform/archive/gzip-tar.ts';

export const roomy: ArchiveLimits = { members: 1000, memberBytes: 2 ** 26, totalBytes: 2 ** 26 };

export function fileMember(path: string, text: string, mode = 0o644): ArchiveInput {
  const bytes = Buffer.from(text);
  return {
    path,
    kind: 'file',
    mode,
    size: bytes.byteLength,
    modifiedSeconds: 1_600_000_000,
    content: () => bytes,
  };
}

export function directoryMember(path: string, mode = 0o755): ArchiveInput {
  return {
    path,
    kind: 'directory',
    mode,
    size: 0,
    modifiedSeconds: 1_600_000_000,
    content: () => [],
  };
}

export async function packed(members: Iterable<ArchiveInput>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of createGzipTarArchive().pack(members)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export interface Unpacked extends ArchiveMember {
  readonly text: string;
}

/** Reads an archive in pieces of `pieceBytes`, so that every boundary falls somewhere. */
export async function unpacked(
  archive: Buffer,
  { limits = roomy, pieceBytes = 4096 }: { limits?: ArchiveLimits; pieceBytes?: number } = {},
): Promise<Unpacked[]> {
  const found: Unpacked[] = [];
  await createGzipTarArchive().unpack(pieces(archive, pieceBytes), limits, (member, content) => {
    found.push({ ...member, text: content.toString('utf8') });
  });
  return found;
}

/** One buffer for every piece: whoever keeps a piece reads the next one's bytes. */
function* pieces(bytes: Buffer, size: number): Generator<Uint8Array> {
  const piece = Buffer.alloc(size);
  for (let at = 0; at < bytes.byteLength; at += size) {
    yield piece.subarray(0, bytes.copy(piece, 0, at, at + size));
  }
}

/** A tar member as an attacker writes it: any header, then content filled up to whole blocks. */
export function rawMember(header: HeaderData, text = ''): Buffer {
  const size = Buffer.byteLength(text);
  const block = Buffer.alloc(512);
  new Header({ mode: 0o644, uid: 0, gid: 0, size, type: 'File', ...header }).encode(block);
  return Buffer.concat([block, Buffer.alloc(Math.ceil(size / 512) * 512, text).fill(0, size)]);
}

export function rawPax(fields: HeaderData, global = false): Buffer {
  return new Pax(fields, global).encode();
}

export const endOfArchive = Buffer.alloc(1024);

export function gzipped(...parts: Buffer[]): Buffer {
  return gzipSync(Buffer.concat(parts));
}
