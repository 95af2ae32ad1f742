import type { GitObjectType, ObjectPart, ObjectReader } from '../git.ts';
import { storeFailure } from './failure.ts';
import { startGit } from './process.ts';
import type { ProcessVariables } from './settings.ts';

const headerForm = /^([0-9a-f]{40,64}) (commit|tree|blob|tag) (\d+)$/;
const longestHeader = 64 * 1024;

/**
 * One `git cat-file --batch`. With `stream` its output is buffered, which is fastest, and it
 * answers one list; with `converse` every object is flushed, and it can be asked again.
 */
export function openCatFile(options: {
  readonly store: string;
  readonly variables: ProcessVariables;
  readonly mode: 'stream' | 'converse';
  readonly signal?: AbortSignal | undefined;
}): ObjectReader {
  const { store, variables, mode, signal } = options;
  const running = startGit({
    args: ['cat-file', '--batch', ...(mode === 'stream' ? ['--buffer'] : [])],
    variables,
    where: store,
    signal,
    input: true,
  });
  const parser = new BatchParser();
  // `for await` would destroy the stream at the end of the first answer.
  const chunks = running.stdout.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  let outstanding = 0;
  let closed = false;

  async function* read(names: readonly string[]): AsyncGenerator<ObjectPart[], void, undefined> {
    if (names.length === 0) return;
    const request = names.join('\n') + '\n';
    if (mode === 'stream') running.stdin?.end(request);
    else running.stdin?.write(request);
    outstanding = names.length;
    while (outstanding > 0) {
      const next = await nextChunk();
      const parts = parser.push(next.value);
      for (const part of parts) {
        if (part.kind === 'end' || part.kind === 'missing') outstanding -= 1;
      }
      yield parts;
    }
  }

  /**
   * While an answer is due, the end of the process or an error on its pipe explains why it does not
   * come.
   */
  async function nextChunk(): Promise<{ value: Buffer }> {
    let cause: unknown;
    try {
      const next = await chunks.next();
      if (next.done !== true) return next;
    } catch (error) {
      cause = error;
    }
    const { stderr } = await running.ended;
    throw storeFailure(store, stderr === '' ? 'cat-file ended early' : stderr, cause);
  }

  return {
    read,
    async close() {
      if (closed) return;
      closed = true;
      running.stdin?.end();
      if (outstanding > 0) running.stop();
      // Nobody reads the remaining output, and unread output would keep the process from closing.
      running.stdout.destroy();
      await running.ended;
    },
  };
}

/** Parses the output of `cat-file --batch`, wherever the chunks are cut. */
export class BatchParser {
  #line: Buffer[] = [];
  /** Bytes of the current object still to come, then one line feed; -1 while a header is read. */
  #left = -1;

  push(chunk: Buffer): ObjectPart[] {
    const parts: ObjectPart[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const bytes = chunk.subarray(at, at + this.#left);
        parts.push({ kind: 'data', bytes });
        this.#left -= bytes.length;
        at += bytes.length;
      } else if (this.#left === 0) {
        if (chunk[at] !== 0x0a) throw new Error('git cat-file: an object is not the size it said');
        parts.push({ kind: 'end' });
        this.#left = -1;
        at += 1;
      } else {
        const end = chunk.indexOf(0x0a, at);
        this.#line.push(chunk.subarray(at, end === -1 ? undefined : end));
        if (end === -1) {
          if (this.#line.reduce((sum, piece) => sum + piece.length, 0) > longestHeader) {
            throw new Error('git cat-file: a header without end');
          }
          return parts;
        }
        at = end + 1;
        parts.push(this.#header());
      }
    }
    return parts;
  }

  #header(): ObjectPart {
    const line = Buffer.concat(this.#line).toString('utf8');
    this.#line = [];
    const [, oid, type, size] = headerForm.exec(line) ?? [];
    if (oid === undefined) {
      if (/ (missing|ambiguous|submodule)$/.test(line)) return { kind: 'missing' };
      throw new Error('git cat-file: an answer of unknown form');
    }
    this.#left = Number(size);
    return { kind: 'header', oid, type: type as GitObjectType, size: this.#left };
  }
}
