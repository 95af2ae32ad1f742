import type { Readable, Writable } from 'node:stream';

/**
 * Messages of one line each, in both directions: the transport of a server on standard input and
 * output.
 */
export interface LineChannel {
  /**
   * The lines that come in, without their ends; `too-long` in place of one beyond the limit, which
   * is not kept. Ends with the input, or when the run is asked to stop.
   */
  readonly lines: AsyncIterable<Uint8Array | 'too-long'>;
  /**
   * Writes a line; resolves when there is room for another, or nobody waits for it any more. A
   * reader that went away is not an error: the input then ends, too.
   */
  send(line: string): Promise<void>;
  /** Aborted when what is sent can no longer be written, for whatever reason. */
  readonly gone: AbortSignal;
}

/** Of one line that comes in, in bytes. */
const longestLine = 1024 * 1024;

interface StandardStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
}

/** Standard input and output of this process. */
export function createStandardChannel(
  signal: AbortSignal,
  { stdin, stdout }: StandardStreams = process,
): LineChannel {
  const gone = new AbortController();
  const over = new AbortController();
  const unwritten = new Set<() => void>();
  const end = (): void => {
    over.abort();
    for (const settle of unwritten) settle();
  };
  stdout.on('error', () => {
    gone.abort();
    end();
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return {
    lines: splitLines(untilAborted(stdin, over.signal), longestLine),
    gone: gone.signal,
    send: (line) =>
      new Promise((resolve) => {
        const settle = (): void => {
          unwritten.delete(settle);
          resolve();
        };
        unwritten.add(settle);
        if (gone.signal.aborted) settle();
        else stdout.write(`${line}\n`, settle);
        // A client that asked us to stop need not read what is still written.
        if (over.signal.aborted) settle();
      }),
  };
}

async function* untilAborted(
  input: Readable,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stop = (): unknown => input.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) stop();
    for await (const chunk of input) yield chunk as Buffer;
  } catch (error) {
    // Destroyed by us, because of the signal or of a reader that went away.
    if (!input.destroyed) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Lines of a stream of bytes, the last one also without an end. Holds one line at most. */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<Uint8Array | 'too-long', void, undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = (part: Uint8Array): void => {
    length += part.byteLength;
    if (length <= limit) parts.push(part);
    else parts = [];
  };
  const finish = (): Uint8Array | 'too-long' => {
    const line = length > limit ? ('too-long' as const) : Buffer.concat(parts);
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      take(chunk.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    if (start < chunk.byteLength) take(chunk.subarray(start));
  }
  if (length > 0) yield finish();
}

const lineFeed = 0x0a;
