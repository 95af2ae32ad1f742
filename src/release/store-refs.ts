import { join } from 'node:path';
import { storeDirectory, type StoreContext } from './context.ts';

/** The targets of the refs of a store. */
export interface StoreRefs {
  readonly refs: number;
  /** Names of refs that git ignores, and of those whose commit or tree is missing. */
  readonly broken: readonly string[];
}

/**
 * Follows every ref of the store to its commit and tree. A tag from a source may lead to any
 * object, so a ref without a commit is not damage.
 *
 * @throws InstallError E_IO if git cannot read the store
 */
export async function checkStoreRefs(context: StoreContext): Promise<StoreRefs> {
  const store = storeDirectory(context);
  const refs = await context.git.refs(store, 'refs/', context.signal);
  const read = new Set(refs.map(({ name }) => name));
  const broken = looseRefs(context, 'refs').filter((name) => !read.has(name));
  const rooted = refs.flatMap(({ name, tree }) => (tree === null ? [] : [{ name, tree }]));
  const reader = context.git.openObjects(store, 'stream', context.signal);
  try {
    let index = 0;
    for await (const parts of reader.read(rooted.map(({ tree }) => tree))) {
      for (const { kind } of parts) {
        if (kind === 'missing') broken.push(rooted[index]?.name ?? '');
        if (kind === 'missing' || kind === 'end') index += 1;
      }
    }
  } finally {
    await reader.close();
  }
  return { refs: refs.length, broken };
}

/** Names of the refs that are separate files; git lists only those that it can read. */
function looseRefs(context: StoreContext, directory: string): string[] {
  const { fs } = context;
  const path = join(storeDirectory(context), directory);
  if (fs.stat(path)?.kind !== 'directory') return [];
  return fs.list(path).flatMap((name) => {
    const below = `${directory}/${name}`;
    if (fs.stat(join(path, name))?.kind === 'directory') return looseRefs(context, below);
    return name.endsWith('.lock') ? [] : [below];
  });
}
