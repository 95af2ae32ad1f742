import type { Git, GitObjectType, GitRef, ObjectReader } from '../git.ts';

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

async function lookUp(reader: ObjectReader, name: string): Promise<GitRef | undefined> {
  const named = await readStart(reader, name);
  if (named === undefined) return undefined;
  const { oid, type } = named;
  const commit = type === 'tag' ? await readStart(reader, `${oid}^{commit}`) : named;
  if (commit?.type !== 'commit') return { name, oid, type, commit: null, tree: null };
  const tree = /^tree ([0-9a-f]{40,64})\n/.exec(commit.text)?.[1] ?? null;
  return { name, oid, type, commit: commit.oid, tree };
}

interface ObjectStart {
  readonly oid: string;
  readonly type: GitObjectType;
  /** Enough of a commit to contain its tree; nothing of a file or a directory. */
  readonly text: string;
}

async function readStart(reader: ObjectReader, name: string): Promise<ObjectStart | undefined> {
  let found: ObjectStart | undefined;
  for await (const parts of reader.read([name])) {
    for (const part of parts) {
      if (part.kind === 'header') found = { oid: part.oid, type: part.type, text: '' };
      if (part.kind === 'data' && found !== undefined && found.text.length < 128) {
        found = { ...found, text: found.text + part.bytes.toString('latin1', 0, 128) };
      }
    }
    // The rest may be a gigabyte.
    if (found?.type === 'blob' || found?.type === 'tree') return found;
  }
  return found;
}
