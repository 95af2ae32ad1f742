import type { Git, ObjectReader } from '../git.ts';
import { lookUp } from './look-up.ts';

/** Names after which a git of its own, which buffers its output, answers faster. */
const longList = 256;

export interface KeptReader {
  /** The git given, with one process for all that is read. */
  readonly git: Git;
  /** Ends that process. */
  readonly close: () => Promise<void>;
}

/**
 * Reads the objects of a store through one `git cat-file`, where each question would start its own:
 * a run asks a handful, and to start a git takes longer than the answer. It looks up the refs with
 * a known name in the same way. Questions that overlap and long lists still have their own process.
 * Answers and errors are those of the git given.
 */
export function keepReader(git: Git): KeptReader {
  let idle: { readonly store: string; readonly reader: ObjectReader } | undefined;

  /** An idle reader owes no answer, so how its process ends says nothing about the run. */
  async function endIdle(): Promise<void> {
    const ended = idle;
    idle = undefined;
    await ended?.reader.close().catch(() => undefined);
  }

  async function take(store: string, signal: AbortSignal | undefined): Promise<ObjectReader> {
    if (idle?.store !== store) {
      await endIdle();
      return git.openObjects(store, 'converse', signal);
    }
    const { reader } = idle;
    idle = undefined;
    return reader;
  }

  const openObjects: Git['openObjects'] = (store, mode, signal) => {
    let reader: ObjectReader | undefined;
    let isKept = false;
    let outstanding = 0;
    return {
      async *read(names) {
        isKept ||= reader === undefined && (mode === 'converse' || names.length <= longList);
        reader ??= isKept ? await take(store, signal) : git.openObjects(store, mode, signal);
        outstanding = names.length;
        for await (const parts of reader.read(names)) {
          outstanding -= parts.filter(({ kind }) => kind === 'end' || kind === 'missing').length;
          yield parts;
        }
      },
      async close() {
        const used = reader;
        reader = undefined;
        if (used === undefined) return;
        if (isKept && outstanding === 0 && idle === undefined) idle = { store, reader: used };
        else await used.close();
      },
    };
  };

  return {
    git: {
      ...git,
      openObjects,
      async refs(store, prefix, signal) {
        if (prefix.endsWith('/')) return git.refs(store, prefix, signal);
        const reader = openObjects(store, 'converse', signal);
        try {
          const ref = await lookUp(reader, prefix);
          return ref === undefined ? [] : [ref];
        } finally {
          await reader.close();
        }
      },
    },
    close: endIdle,
  };
}
