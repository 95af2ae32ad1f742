/**
 * How much a remote, on this machine or elsewhere, may make git accept. git itself has no such
 * limits for a fetch: it would collect an endless list of refs in memory, and write an endless pack
 * to the disk.
 */
import { closeSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../../core/errors.ts';

/**
 * The interval between two checks of the pack: a server on the same machine sends some 50 MB in it.
 */
const lookMs = 100;

/**
 * A hundred thousand tags fit. git writes a line of its packet trace for each ref, some sixty bytes
 * longer than the ref itself, as soon as it arrives.
 */
export const tracedRefsLimit = 32 * 1024 * 1024;

/** The git that sends the refs of a repository on this machine writes a line for each as well. */
export const twiceTracedRefsLimit = 2 * tracedRefsLimit;

/** Where git writes its packet trace: the first descriptor after the three standard ones. */
export const traceDescriptor = 3;

/**
 * Variables that limit one allocation, and so whatever git collects in one buffer: the answer of a
 * server that does not stream, the table of objects that a pack announces, one delta.
 */
export function allocationBound(bytes: number): Readonly<Record<string, string>> {
  return { GIT_ALLOC_LIMIT: bytes.toString() };
}

/** The packet trace goes to the parent alone; it counts it and keeps nothing. */
export const tracedPackets: Readonly<Record<string, string>> = {
  GIT_TRACE_PACKET: traceDescriptor.toString(),
};

/** Reads a stream to its end and calls `exceeded` once when it was longer than the limit. */
export function countBytes(
  stream: NodeJS.ReadableStream,
  limit: number,
  exceeded: () => void,
): void {
  let bytes = 0;
  stream.on('data', (chunk: Buffer | string) => {
    const before = bytes;
    bytes += chunk.length;
    if (before <= limit && bytes > limit) exceeded();
  });
}

/**
 * Whether the header of a bundle, which is its list of refs, is longer than the limit. git reads it
 * whole, and does not trace packets of it. A path without a file is not a bundle.
 */
export function hasLongHeader(path: string, limit: number): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const descriptor = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(64 * 1024);
    let isLineEnd = false;
    for (let at = 0; at <= limit;) {
      const bytes = readSync(descriptor, piece, 0, piece.length, at);
      const read = piece.subarray(0, bytes);
      if (bytes === 0 || read.includes('\n\n') || (isLineEnd && read[0] === lineFeed)) return false;
      isLineEnd = read.at(-1) === lineFeed;
      at += bytes;
    }
    return true;
  } finally {
    closeSync(descriptor);
  }
}

const lineFeed = 0x0a;

/**
 * Watches the packs that are being written into a store, and calls `exceeded` when they are longer
 * than the limit.
 *
 * @returns a function that stops watching
 */
export function watchPacks(store: string, limit: number, exceeded: () => void): () => void {
  const timer = setInterval(() => {
    if (unfinishedBytes(join(store, 'objects', 'pack')) <= limit) return;
    clearInterval(timer);
    exceeded();
  }, lookMs);
  return () => clearInterval(timer);
}

function unfinishedBytes(packs: string): number {
  let bytes = 0;
  for (const name of namesIn(packs)) {
    if (!name.startsWith('tmp_')) continue;
    bytes += statSync(join(packs, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
