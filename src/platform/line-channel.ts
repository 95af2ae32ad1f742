/** Messages of one line each, both ways: what a server on standard input and output speaks. */
export interface LineChannel {
  /**
   * The lines that come in, without their ends; `too-long` in place of one beyond the limit, of
   * which nothing is kept. Ends with the input, or when the run is asked to stop.
   */
  readonly lines: AsyncIterable<Uint8Array | 'too-long'>;
  /**
   * Writes a line; settles when there is room for another. A reader that went away is no error:
   * the input then ends, too.
   */
  send(line: string): Promise<void>;
}

/** Of one line that comes in, in bytes. */
const longestLine = 1024 * 1024;

/** Standard input and output of this process. */
export function createStandardChannel(signal: AbortSignal): LineChannel {
  const { stdin, stdout } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    stdin.destroy();
  });
  return {
    lines: splitLines(untilAborted(stdin, signal), longestLine),
    send: (line) => new Promise((resolve) => stdout.write(`${line}\n`, () => resolve())),
  };
}

async function* untilAborted(
  input: NodeJS.ReadStream,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stop = (): unknown => input.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
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
