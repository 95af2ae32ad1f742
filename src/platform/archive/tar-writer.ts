import { ArchiveError, type ArchiveInput } from '../archive.ts';
import {
  blockBytes,
  createDuplicateGuard,
  mustBePlain,
  paddingAfter,
  type TarFormat,
} from './tar-format.ts';

const zeros = Buffer.alloc(2 * blockBytes);
const batchBytes = 256 * 1024;

/**
 * A tar file (ustar, with pax headers where a name or a number does not fit) in batches that the
 * caller may keep. Owners are not recorded: restored files belong to the user who restores them.
 *
 * @throws ArchiveError `damaged` when a member's content is not exactly its size, `entry` for a
 *   path that reading would refuse
 */
export function* writeTar(
  members: Iterable<ArchiveInput>,
  format: TarFormat,
): Generator<Buffer, void, undefined> {
  yield* batched(tarPieces(members, format));
}

function* tarPieces(
  members: Iterable<ArchiveInput>,
  format: TarFormat,
): Generator<Uint8Array, void, undefined> {
  const refuseDuplicate = createDuplicateGuard();
  for (const member of members) {
    mustBePlain(member.path);
    refuseDuplicate(member.path);
    yield* headerBlocks(member, format);
    if (member.kind === 'directory') continue;
    yield* exactContent(member);
    yield zeros.subarray(0, paddingAfter(member.size));
  }
  yield zeros;
}

function* headerBlocks(
  member: ArchiveInput,
  { Header, Pax }: TarFormat,
): Generator<Uint8Array, void, undefined> {
  const directory = member.kind === 'directory';
  const path = directory ? `${member.path}/` : member.path;
  const size = directory ? 0 : member.size;
  const mtime = new Date(Math.floor(member.modifiedSeconds) * 1000);
  const header = new Header({
    path,
    size,
    mtime,
    mode: member.mode & 0o7777,
    type: directory ? 'Directory' : 'File',
    uid: 0,
    gid: 0,
  });
  const block = Buffer.alloc(blockBytes);
  if (header.encode(block)) yield new Pax({ path, size, mtime }).encode();
  yield block;
}

function* exactContent(member: ArchiveInput): Generator<Uint8Array, void, undefined> {
  const content = member.content();
  let size = 0;
  for (const chunk of content instanceof Uint8Array ? [content] : content) {
    size += chunk.byteLength;
    if (size > member.size) break;
    yield chunk;
  }
  if (size !== member.size) {
    const path = JSON.stringify(member.path);
    throw new ArchiveError('damaged', `The content of ${path} does not have its listed size`);
  }
}

/**
 * Joins small pieces by copying: their source may reuse content chunks, and a call per header would
 * cost more than the compression.
 */
function* batched(pieces: Iterable<Uint8Array>): Generator<Buffer, void, undefined> {
  let batch = Buffer.allocUnsafe(batchBytes);
  let filled = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.byteLength;) {
      const taken = Math.min(piece.byteLength - at, batchBytes - filled);
      batch.set(piece.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < batchBytes) continue;
      yield batch;
      batch = Buffer.allocUnsafe(batchBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield batch.subarray(0, filled);
}
