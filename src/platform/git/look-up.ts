import type { GitObjectType, GitRef, ObjectReader } from '../git.ts';

/** A ref by its full name, read through `cat-file`; undefined if there is no such ref. */
export async function lookUp(reader: ObjectReader, name: string): Promise<GitRef | undefined> {
  const named = await readStart(reader, name);
  if (named === undefined) return undefined;
  const { oid, type } = named;
  const target = type === 'tag' ? await peel(reader, oid) : targetOf(named);
  return { name, oid, type, ...target };
}

type Target = Pick<GitRef, 'commit' | 'tree'>;

/** Where a tag leads to, through tags of tags. */
export async function peel(reader: ObjectReader, tag: string): Promise<Target> {
  return targetOf(await readStart(reader, `${tag}^{commit}`));
}

function targetOf(found: ObjectStart | undefined): Target {
  if (found?.type !== 'commit') return { commit: null, tree: null };
  return { commit: found.oid, tree: /^tree ([0-9a-f]{40,64})\n/.exec(found.text)?.[1] ?? null };
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
