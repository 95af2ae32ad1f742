import { join } from 'node:path';
import { sha256 } from '../core/digest.ts';
import { InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { GitRef, TransferOptions } from '../platform/git.ts';
import { reasonOf } from '../platform/git/failure.ts';
import { storeDirectory, type ReleaseContext } from './context.ts';
import { fetchLimit, limitsOf } from './limits.ts';
import { remoteOf, type Source } from './source.ts';
import { underReleaseLock } from './store-lock.ts';

/**
 * git's own value for full history: without a depth, git stops at the shallow commits of the store.
 */
const allHistory = 0x7fffffff;

/** A release that is completely in the store. */
export interface StoredTag {
  readonly name: string;
  /** The object that the tag names. */
  readonly oid: string;
  readonly type: GitRef['type'];
  readonly commit: string | null;
  readonly tree: string | null;
}

export interface StoredCommit {
  readonly commit: string;
  readonly tree: string;
}

/** `refs/sources/<hash>/`: the tags of one source, separate from equally named tags of others. */
export function sourceRefs(source: Source): string {
  return `refs/sources/${sha256(source.url).slice(0, 32)}/`;
}

function incomingRefs(source: Source): string {
  return `refs/incoming/${sha256(source.url).slice(0, 32)}/`;
}

/** The tags of a source that were fetched before. A ref is set only after all of its objects. */
export async function storedTags(context: ReleaseContext, source: Source): Promise<StoredTag[]> {
  const prefix = `${sourceRefs(source)}tags/`;
  const refs = await storeRefs(context, prefix);
  return refs.map(({ name, ...ref }) => ({ ...ref, name: name.slice(prefix.length) }));
}

async function storeRefs(context: ReleaseContext, prefix: string): Promise<GitRef[]> {
  const store = storeDirectory(context);
  if (context.fs.stat(store) === undefined) return [];
  return context.git.refs(store, prefix, context.signal);
}

/**
 * Fetches tags into the store, objects only: they count as seen once `keepTag` records them. One
 * commit of history from a server, everything from a local path or bundle, which cannot send less.
 */
export async function fetchTags(
  context: ReleaseContext,
  source: Source,
  names: readonly string[],
): Promise<StoredTag[]> {
  const incoming = incomingRefs(source);
  const refspecs = names.map((name) => `+refs/tags/${name}:${incoming}tags/${name}`);
  await transfer(context, source, refspecs, 1);
  const fetched: StoredTag[] = [];
  for (const name of names) {
    const [ref] = await storeRefs(context, `${incoming}tags/${name}`);
    if (ref !== undefined) fetched.push({ ...ref, name });
  }
  return fetched;
}

/**
 * Records the object and commit of a tag, for `storedTags`, offline runs and the next comparison.
 */
export async function keepTag(
  context: ReleaseContext,
  source: Source,
  tag: StoredTag,
): Promise<void> {
  await underReleaseLock(context, () =>
    setRefs(context, {
      [`${sourceRefs(source)}tags/${tag.name}`]: tag.oid,
      [`${incomingRefs(source)}tags/${tag.name}`]: null,
    }),
  );
}

/** The commit with this abbreviated id, if it is a release, a pin or an import in the store. */
export async function storedCommits(
  context: ReleaseContext,
  prefix: string,
): Promise<StoredCommit[]> {
  const refs = [
    ...(await storeRefs(context, 'refs/sources/')),
    ...(await storeRefs(context, 'refs/pins/')),
  ];
  const found = new Map<string, StoredCommit>();
  for (const { commit, tree } of refs) {
    if (commit?.startsWith(prefix) === true && tree !== null) found.set(commit, { commit, tree });
  }
  return [...found.values()];
}

/**
 * Fetches one commit by its full id. Old servers provide only tags: then all tags are fetched with
 * their history, which may include it.
 * @throws E_TAG_NOT_FOUND
 */
export async function fetchCommit(
  context: ReleaseContext,
  source: Source,
  commit: string,
): Promise<StoredCommit> {
  const kept = `${sourceRefs(source)}commits/${commit}`;
  const incoming = `${incomingRefs(source)}commits/${commit}`;
  try {
    await transfer(context, source, [`+${commit}:${incoming}`], 1);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason !== 'unadvertised' && reason !== 'missing-ref') throw error;
    await transfer(context, source, [`+refs/tags/*:${incomingRefs(source)}history/*`], allHistory);
    await underReleaseLock(context, async () => {
      await requireCommit(context, source, commit);
      await setRefs(context, { [incoming]: commit });
    });
  }
  const [ref] = await storeRefs(context, incoming);
  if (ref?.commit !== commit || ref.tree === null) throw noCommit(source, commit);
  await underReleaseLock(context, () => setRefs(context, { [kept]: commit, [incoming]: null }));
  return { commit, tree: ref.tree };
}

async function requireCommit(
  context: ReleaseContext,
  source: Source,
  commit: string,
): Promise<void> {
  const reader = context.git.openObjects(storeDirectory(context), 'stream', context.signal);
  try {
    for await (const parts of reader.read([commit])) {
      const [first] = parts;
      if (first?.kind === 'missing') throw noCommit(source, commit);
      if (first?.kind === 'header' && first.type !== 'commit') throw noCommit(source, commit);
    }
  } finally {
    await reader.close();
  }
}

function noCommit(source: Source, commit: string): InstallError {
  return new InstallError(
    'E_TAG_NOT_FOUND',
    `There is no commit ${commit} at ${printable(source.url)}`,
    { remedy: 'Check the commit id, or name a tag.', details: { commit, source: source.url } },
  );
}

/**
 * Keeps a commit and everything below it in the store: bases, diffs and rollbacks of an installed
 * release come from there. The caller must hold the home's lock, so that nobody else pins.
 */
export async function pinCommit(context: ReleaseContext, commit: string): Promise<void> {
  const name = `refs/pins/${commit}`;
  const [pinned] = await storeRefs(context, name);
  if (pinned === undefined) await setRefs(context, { [name]: commit });
}

async function setRefs(
  context: ReleaseContext,
  updates: Readonly<Record<string, string | null>>,
): Promise<void> {
  const { fs, git, signal } = context;
  const store = storeDirectory(context);
  for (const name of Object.keys(updates)) {
    // We hold the lock that guards this ref, so a lock file of git's own belongs to a dead run.
    const stale = join(store, `${name}.lock`);
    if (fs.stat(stale) !== undefined) fs.unlink(stale);
  }
  await git.updateRefs(store, new Map(Object.entries(updates)), signal);
}

async function transfer(
  context: ReleaseContext,
  source: Source,
  refspecs: readonly string[],
  depth: number,
): Promise<void> {
  const remote = remoteOf(source);
  if (remote === undefined) throw new Error('directories and archives are imported, not fetched');
  context.progress.step(`Fetching from ${printable(source.url)}`);
  await underReleaseLock(context, (onSpawn) =>
    context.git.fetch(
      storeDirectory(context),
      remote,
      { refspecs, depth },
      { ...transferOptions(context), onSpawn },
    ),
  );
}

export function transferOptions(context: ReleaseContext): TransferOptions {
  return {
    signal: context.signal,
    idleMs: context.idleMs,
    maxBytes: context.fetchBytes ?? fetchLimit(limitsOf(context)),
    onProgress: (done) => context.progress.advance(done),
  };
}
