import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from '../../src/platform/environment.ts';
import { createGit } from '../../src/platform/git/adapter.ts';
import type {
  FetchRequest,
  Git,
  GitRef,
  GitRemote,
  ObjectPart,
  ObjectReader,
  RemoteRef,
} from '../../src/platform/git.ts';
import {
  copyObject,
  entriesOf,
  readObject,
  writeBareRepository,
  writeRef,
  type LooseObject,
  type ObjectType,
} from './git-objects.ts';
import { isQuickTier } from './quick-tier.ts';

/** The git of an environment: in a quick tier with its loose objects read and written here. */
export function createTestGit(environment: Environment): Git {
  const git = createGit(environment);
  return isQuickTier() ? looseGit(git) : git;
}

/**
 * git for the repositories that tests write, read and written as files: an install starts a dozen
 * processes, and hundreds of tests want one. Whatever is not plain – packed, remote, nested, wrong
 * in any way that git checks – is asked of the git given, so that every answer is the same as its.
 * `loose-git.test.ts` compares the two.
 */
export function looseGit(git: Git): Git {
  return {
    ...git,
    createStore: async (directory, signal) => {
      if (signal?.aborted === true || existsSync(directory)) {
        return git.createStore(directory, signal);
      }
      writeBareRepository(directory);
    },
    refs: async (store, prefix, signal) => {
      const refs = signal?.aborted === true ? undefined : refsIn(store, prefix);
      return refs ?? git.refs(store, prefix, signal);
    },
    updateRefs: async (store, updates, signal) => {
      const plain = signal?.aborted !== true && [...updates].every(isPlainUpdate(store));
      if (!plain) return git.updateRefs(store, updates, signal);
      for (const [name, oid] of updates) {
        if (oid === null) rmSync(join(store, name), { force: true });
      }
      for (const [name, oid] of updates) if (oid !== null) setRef(store, name, oid);
    },
    remoteRefs: async (remote, kinds, options) => {
      const refs = options?.signal?.aborted === true ? undefined : announcedBy(remote, kinds);
      return refs ?? git.remoteRefs(remote, kinds, options);
    },
    fetch: async (store, remote, request, options) => {
      const wanted = options?.signal?.aborted === true ? undefined : wantedOf(remote, request);
      if (wanted === undefined || !isLoose(store)) {
        return git.fetch(store, remote, request, options);
      }
      options?.onSpawn?.(nobody);
      for (const oid of wanted.objects) copyObject(remote.address, store, oid);
      for (const [name, oid] of wanted.refs) setRef(store, name, oid);
    },
    openObjects: (store, mode, signal) =>
      signal?.aborted === true
        ? git.openObjects(store, mode, signal)
        : readerOf(store, () => git.openObjects(store, mode, signal)),
  };
}

/** A process that does not exist: no system gives out such a number. */
const nobody = { pid: 0x3fff_ffff, birth: 'never' };

/** Whether all refs of a bare repository are files, and none of its objects is elsewhere. */
function isLoose(repository: string): boolean {
  const has = (name: string): boolean => existsSync(join(repository, name));
  return (
    has('HEAD') &&
    has('config') &&
    has('objects') &&
    !has('packed-refs') &&
    !has('shallow') &&
    !has('objects/info/alternates')
  );
}

function announcedBy(
  { address, reach }: GitRemote,
  kinds: 'tags' | 'branches-and-tags',
): RemoteRef[] | undefined {
  if (reach !== 'local' || !isLoose(address)) return undefined;
  const prefixes = kinds === 'tags' ? ['refs/tags/'] : ['refs/heads/', 'refs/tags/'];
  const refs: RemoteRef[] = [];
  for (const prefix of prefixes) {
    const found = refsIn(address, prefix);
    if (found === undefined) return undefined;
    for (const { name, oid, type, commit } of found) {
      refs.push({ name, oid, peeled: type === 'tag' ? commit : null });
    }
  }
  return refs;
}

/** Undefined if any of them is not a plain file with a commit or a tag of one. */
function refsIn(repository: string, prefix: string): GitRef[] | undefined {
  if (!isLoose(repository)) return undefined;
  const names = prefix.endsWith('/') ? namesBelow(repository, prefix.slice(0, -1)) : [prefix];
  const refs: GitRef[] = [];
  for (const name of names) {
    const path = join(repository, name);
    if (!existsSync(path)) continue;
    if (!statSync(path).isFile()) return undefined;
    const ref = refOf(repository, name, readFileSync(path, 'latin1'));
    if (ref === undefined) return undefined;
    refs.push(ref);
  }
  return refs.sort((left, right) =>
    Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)),
  );
}

function namesBelow(repository: string, directory: string): string[] {
  if (!existsSync(join(repository, directory))) return [];
  return readdirSync(join(repository, directory), { withFileTypes: true }).flatMap((entry) => {
    const name = `${directory}/${entry.name}`;
    return entry.isDirectory() ? namesBelow(repository, name) : [name];
  });
}

function refOf(repository: string, name: string, text: string): GitRef | undefined {
  const [, oid] = /^([0-9a-f]{40})\n$/.exec(text) ?? [];
  const object = oid === undefined ? undefined : readObject(repository, oid);
  if (oid === undefined || object === undefined || !isPlainName(name)) return undefined;
  if (object.type !== 'commit' && object.type !== 'tag') return undefined;
  const commit = object.type === 'tag' ? targetOf(object) : oid;
  const found = commit === undefined ? undefined : readObject(repository, commit);
  const tree = found?.type === 'commit' ? treeOf(found) : undefined;
  if (commit === undefined || tree === undefined) return undefined;
  return { name, oid, type: object.type, commit, tree };
}

/** What git allows, and more: anything else is for git to refuse. */
function isPlainName(name: string): boolean {
  return /^refs(\/[A-Za-z0-9][\w.+-]*)+$/.test(name) && !/\.\.|\.lock(\/|$)|\.(\/|$)/.test(name);
}

function targetOf({ bytes }: LooseObject): string | undefined {
  return /^object ([0-9a-f]{40})\ntype commit\n/.exec(bytes.toString('latin1'))?.[1];
}

function treeOf({ bytes }: LooseObject): string | undefined {
  return /^tree ([0-9a-f]{40})\n/.exec(bytes.toString('latin1'))?.[1];
}

function isPlainUpdate(store: string) {
  return ([name, oid]: readonly [string, string | null]): boolean => {
    const isFree = !existsSync(join(store, `${name}.lock`));
    const isThere = oid === null || readObject(store, oid) !== undefined;
    const path = join(store, name);
    const isFile = !existsSync(path) || statSync(path).isFile();
    return isLoose(store) && isFree && isThere && isFile && isPlainName(name);
  };
}

/** In one step, as git does it: a reader sees the old ref or the new one. */
function setRef(store: string, name: string, oid: string): void {
  const draft = `${name}.lock`;
  mkdirSync(dirname(join(store, name)), { recursive: true });
  writeRef(store, draft, oid);
  renameSync(join(store, draft), join(store, name));
}

/** Every object that the refs need, and the refs; undefined for what git has to look at. */
function wantedOf(
  { address, reach }: GitRemote,
  { refspecs }: FetchRequest,
): { readonly objects: Iterable<string>; readonly refs: [string, string][] } | undefined {
  if (reach !== 'local' || !isLoose(address)) return undefined;
  const objects = new Map<string, ObjectType>();
  const refs: [string, string][] = [];
  for (const refspec of refspecs) {
    const [, from = '', to = ''] = /^\+(refs\/tags\/[^:*]+):([^:*]+)$/.exec(refspec) ?? [];
    const [ref] = from === '' ? [] : (refsIn(address, from) ?? []);
    if (ref === undefined || !isPlainName(to)) return undefined;
    if (!collect(address, ref.oid, objects)) return undefined;
    refs.push([to, ref.oid]);
  }
  return { objects: objects.keys(), refs };
}

/** @returns false if any of it is missing, packed, or of a kind that git may refuse */
function collect(
  repository: string,
  oid: string,
  objects: Map<string, ObjectType>,
  type?: ObjectType,
): boolean {
  const known = objects.get(oid);
  if (known !== undefined) return type === undefined || known === type;
  const object = readObject(repository, oid);
  if (object === undefined || (type ?? object.type) !== object.type) return false;
  objects.set(oid, object.type);
  switch (object.type) {
    case 'blob':
      return true;
    case 'tag':
      return isWritten(object) && collect(repository, targetOf(object) ?? '', objects, 'commit');
    case 'commit':
      return isWritten(object) && collect(repository, treeOf(object) ?? '', objects, 'tree');
    case 'tree':
      return (entriesOf(object.bytes) ?? [undefined]).every(
        (entry) =>
          entry !== undefined &&
          /^(100644|100755|40000)$/.test(entry.mode) &&
          // `.git`, `.gitmodules` and what a file system takes for one of them is for git to check.
          /^[\w ,+@=()[\]-][\w .,+@=()[\]-]*$/.test(String(entry.name)) &&
          !/^git/i.test(String(entry.name)) &&
          collect(repository, entry.oid, objects, entry.mode === '40000' ? 'tree' : 'blob'),
      );
  }
}

/** By `git-objects.ts`, which writes them as git does; one without parents. */
function isWritten({ type, bytes }: LooseObject): boolean {
  const text = bytes.toString('latin1');
  const by = 'Test <test@example.invalid> 1700000000 \\+0000\n';
  const form =
    type === 'tag'
      ? `^object [0-9a-f]{40}\ntype commit\ntag [\\w.+-]+\ntagger ${by}\n`
      : `^tree [0-9a-f]{40}\nauthor ${by}committer ${by}\n`;
  return new RegExp(form).test(text);
}

function readerOf(store: string, open: () => ObjectReader): ObjectReader {
  let reader: ObjectReader | undefined;
  return {
    async *read(names) {
      const found = isLoose(store) ? objectsNamed(store, names) : undefined;
      if (found === undefined) yield* (reader ??= open()).read(names);
      else for (const object of found) yield partsOf(object);
    },
    close: async () => reader?.close(),
  };
}

type NamedObject = LooseObject & { readonly oid: string };

function objectsNamed(store: string, names: readonly string[]): NamedObject[] | undefined {
  const found: NamedObject[] = [];
  for (const name of names) {
    const oid = objectIdOf(store, name);
    const object = oid === undefined ? undefined : readObject(store, oid);
    if (oid === undefined || object === undefined) return undefined;
    found.push({ oid, ...object });
  }
  return found;
}

function objectIdOf(store: string, name: string): string | undefined {
  const [, start = '', peel, path] = /^([0-9a-f]{40})(\^\{tree\})?(?::(.+))?$/s.exec(name) ?? [];
  if (peel === undefined && path === undefined) return start === '' ? undefined : start;
  const commit = readObject(store, start);
  let oid = commit?.type === 'commit' ? treeOf(commit) : undefined;
  for (const step of path?.split('/') ?? []) {
    const tree = oid === undefined ? undefined : readObject(store, oid);
    const entries = tree?.type === 'tree' ? entriesOf(tree.bytes) : undefined;
    oid = entries?.find((entry) => String(entry.name) === step)?.oid;
  }
  return oid;
}

function partsOf({ oid, type, bytes }: NamedObject): ObjectPart[] {
  return [
    { kind: 'header', oid, type, size: bytes.length },
    ...(bytes.length > 0 ? [{ kind: 'data', bytes } as const] : []),
    { kind: 'end' },
  ];
}
