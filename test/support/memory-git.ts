import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FileSystem } from '../../src/platform/file-system.ts';
import type {
  Git,
  GitObjectType,
  GitRef,
  ObjectPart,
  ObjectReader,
} from '../../src/platform/git.ts';
import { entriesOf } from './git-objects.ts';
import type { RepositoryFile, RepositoryFiles } from './repository.ts';

interface GitObject {
  readonly type: GitObjectType;
  readonly bytes: Buffer;
}

/** A server whose releases a store can fetch, without a process, a disk or a network. */
export interface MemoryGit extends Git {
  /** Publishes a release as a lightweight tag; @returns its commit id */
  publish(tag: string, files: RepositoryFiles): string;
}

/**
 * git with its objects in memory, for tests that run thousands of operations: real object ids and
 * tree objects, so that everything above the port is the program's own. One store, one remote, no
 * annotated tags; what those tests never ask for is refused.
 *
 * @param fs where the store's directory is made, for whoever looks whether it is there
 */
export function createMemoryGit(fs: FileSystem): MemoryGit {
  const objects = new Map<string, GitObject>();
  const announced = new Map<string, string>();
  const stored = new Map<string, string>();

  const put = (type: GitObjectType, bytes: Buffer): string => {
    const oid = createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
    objects.set(oid, { type, bytes });
    return oid;
  };
  const treeOfCommit = (commit: string): string | undefined =>
    /^tree ([0-9a-f]{40})\n/.exec(objects.get(commit)?.bytes.toString('latin1') ?? '')?.[1];
  const resolve = (name: string): string | undefined => {
    if (name.startsWith('refs/')) return stored.get(name);
    const [, commit = '', peel, path] = /^([0-9a-f]{40})(\^\{tree\})?(?::(.*))?$/s.exec(name) ?? [];
    if (peel === undefined && path === undefined) return commit;
    const steps = path === undefined || path === '' ? [] : path.split('/');
    return steps.reduce<string | undefined>(
      (tree, step) => tree && entryOf(objects.get(tree), step),
      treeOfCommit(commit),
    );
  };
  const refOf = ([name, oid]: readonly [string, string]): GitRef => {
    const tree = treeOfCommit(oid) ?? null;
    return { name, oid, type: 'commit', commit: oid, tree };
  };

  return {
    publish(tag, files) {
      const tree = putTree(put, files);
      const by = 'Test <test@example.invalid> 1700000000 +0000';
      const text = `tree ${tree}\nauthor ${by}\ncommitter ${by}\n\n${tag}\n`;
      const commit = put('commit', Buffer.from(text));
      announced.set(`refs/tags/${tag}`, commit);
      return commit;
    },
    createStore(directory) {
      fs.makeDirectory(directory, 0o700);
      fs.writeNew(join(directory, 'config'), Buffer.from('[core]\n\tbare = true\n'), 0o600);
      return Promise.resolve();
    },
    refs(_store, prefix) {
      const named = [...stored].filter(([name]) =>
        prefix.endsWith('/') ? name.startsWith(prefix) : name === prefix,
      );
      return Promise.resolve(named.map(refOf).sort((a, b) => (a.name < b.name ? -1 : 1)));
    },
    updateRefs(_store, updates) {
      for (const [name, oid] of updates) {
        if (oid === null) stored.delete(name);
        else stored.set(name, oid);
      }
      return Promise.resolve();
    },
    remoteRefs: () =>
      Promise.resolve([...announced].map(([name, oid]) => ({ name, oid, peeled: null }))),
    fetch(_store, _remote, { refspecs }) {
      for (const spec of refspecs) {
        const [, from = '', to = ''] = /^\+([^:]+):(.+)$/.exec(spec) ?? [];
        const oid = announced.get(from);
        if (oid === undefined) return Promise.reject(new Error(`the remote has no ${from}`));
        stored.set(to, oid);
      }
      return Promise.resolve();
    },
    openObjects: () => readerOf((name) => objectNamed(objects, resolve(name))),
    startImport: () => unasked('an import'),
    endOrphan: () => Promise.resolve(false),
  };
}

function unasked(what: string): never {
  throw new Error(`git in memory knows nothing of ${what}`);
}

interface NamedObject extends GitObject {
  readonly oid: string;
}

function objectNamed(
  objects: ReadonlyMap<string, GitObject>,
  oid: string | undefined,
): NamedObject | undefined {
  const object = oid === undefined ? undefined : objects.get(oid);
  return oid === undefined || object === undefined ? undefined : { oid, ...object };
}

function readerOf(find: (name: string) => NamedObject | undefined): ObjectReader {
  return {
    async *read(names) {
      for (const name of names) {
        const object = find(name);
        const parts: ObjectPart[] =
          object === undefined
            ? [{ kind: 'missing' }]
            : [
                { kind: 'header', oid: object.oid, type: object.type, size: object.bytes.length },
                { kind: 'data', bytes: object.bytes },
                { kind: 'end' },
              ];
        yield parts;
      }
    },
    close: () => Promise.resolve(),
  };
}

type Put = (type: GitObjectType, bytes: Buffer) => string;

/** Writes the tree objects of a table from path to file. */
function putTree(put: Put, files: RepositoryFiles): string {
  const below = new Map<string, Record<string, RepositoryFile>>();
  const entries: { readonly name: string; readonly mode: string; readonly oid: string }[] = [];
  for (const [path, file] of Object.entries(files)) {
    const [name = '', ...rest] = path.split('/');
    if (rest.length > 0) {
      below.set(name, { ...below.get(name), [rest.join('/')]: file });
      continue;
    }
    const executable = typeof file === 'object' && 'executable' in file;
    const oid = put('blob', Buffer.from(executable ? file.content : file));
    entries.push({ name, mode: executable ? '100755' : '100644', oid });
  }
  for (const [name, inner] of below) {
    entries.push({ name, mode: '40000', oid: putTree(put, inner) });
  }
  // git orders a directory as if its name ended in a slash.
  const key = ({ name, mode }: { name: string; mode: string }) =>
    Buffer.from(mode === '40000' ? `${name}/` : name);
  entries.sort((left, right) => Buffer.compare(key(left), key(right)));
  return put(
    'tree',
    Buffer.concat(
      entries.flatMap(({ mode, name, oid }) => [
        Buffer.from(`${mode} ${name}\0`),
        Buffer.from(oid, 'hex'),
      ]),
    ),
  );
}

/** The object id that a tree object has under a name. */
function entryOf(tree: GitObject | undefined, name: string): string | undefined {
  if (tree?.type !== 'tree') return undefined;
  return entriesOf(tree.bytes)?.find((entry) => String(entry.name) === name)?.oid;
}
