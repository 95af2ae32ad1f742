import { pipeline } from 'node:stream/promises';
import type { Gunzip, Gzip } from 'node:zlib';
import { errnoOf } from '../../core/errors.ts';
import { ArchiveError, type Archive, type ArchiveInput, type ArchiveLimits } from '../archive.ts';
import { loadTarFormat } from './tar-format.ts';
import { createTarReader, type Visit } from './tar-reader.ts';
import { writeTar } from './tar-writer.ts';

/** Level 1: at 6, compressing would cost more than everything else in a run together. */
const level = 1;
const chunkSize = 128 * 1024;

type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** `.tar.gz` as every tar program writes and restores it (`tar -xpzf`), regular members only. */
export function createGzipTarArchive(): Archive {
  return { pack, unpack };
}

async function* pack(members: Iterable<ArchiveInput>): AsyncGenerator<Uint8Array> {
  const [{ createGzip }, format] = await Promise.all([import('node:zlib'), loadTarFormat()]);
  yield* through(writeTar(members, format), createGzip({ level, chunkSize }));
}

async function unpack(chunks: Chunks, limits: ArchiveLimits, visit: Visit): Promise<void> {
  const [{ createGunzip }, format] = await Promise.all([import('node:zlib'), loadTarFormat()]);
  const reader = createTarReader(format, limits, visit);
  const gunzip = createGunzip({ chunkSize });
  const input = counted(chunks);
  try {
    for await (const chunk of through(input.chunks, gunzip)) reader.push(chunk);
  } catch (cause) {
    if (errnoOf(cause)?.startsWith('Z_') !== true) throw cause;
    throw new ArchiveError('damaged', 'The compressed stream is damaged', { cause });
  }
  // zlib stops at the end of the compressed stream and ignores what follows it.
  if (gunzip.bytesWritten !== input.bytes()) {
    throw new ArchiveError('damaged', 'Something follows the end of the compressed stream');
  }
  reader.end();
}

/** Copies each chunk, because it is valid only until the next one while zlib works behind. */
function counted(chunks: Chunks): { chunks: AsyncGenerator<Uint8Array>; bytes: () => number } {
  let bytes = 0;
  async function* copies(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      yield Buffer.from(chunk);
    }
  }
  return { chunks: copies(), bytes: () => bytes };
}

/** The output of the transform, read as fast as it is consumed. */
async function* through(input: Chunks, transform: Gzip | Gunzip): AsyncGenerator<Buffer> {
  const feeding = pipeline(input, transform);
  // A failure on the way in destroys the transform, so that the loop below throws the same error;
  // leaving the loop early ends the feeding, which is not a failure.
  feeding.catch(() => undefined);
  for await (const chunk of transform) yield chunk as Buffer;
  await feeding;
}
