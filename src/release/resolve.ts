/**
 * # The release room
 *
 * From a source and a selector to bytes, in this order:
 *
 * - `parseSource` (source.ts): what a source string means
 * - `resolveRelease` (here): source and selector to one commit, fetched and in the store
 * - `readDocument`, `listTree` (tree.ts): the catalog and the tree of that commit
 * - `readPack` (pack.ts): the validated pack of one identity, bytes included
 * - `readReleaseFiles` (release-files.ts): bytes of earlier releases, for bases and diffs
 * - `refuseOlder`, `refuseMovedSince` (step-back.ts): compare the release with the installed one
 * - `pinCommit` (store.ts): keeps an installed commit in the store permanently
 *
 * All take a `ReleaseContext`. Nothing here writes outside `<state>/releases.*`.
 */
import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { PackPath } from '../core/path.ts';
import { printable } from '../core/printable.ts';
import type { ResolvedRelease } from '../core/release.ts';
import { steps } from '../core/remedy.ts';
import type { RemoteRef } from '../platform/git.ts';
import type { ReleaseContext } from './context.ts';
import { importSource } from './import.ts';
import { remoteOf, type Source } from './source.ts';
import { movedTag } from './step-back.ts';
import { refuseStrangeStore } from './store-check.ts';
import {
  fetchCommit,
  fetchTags,
  keepTag,
  storedCommits,
  storedTags,
  transferOptions,
  type StoredTag,
} from './store.ts';
import {
  agreeingTag,
  parseSelector,
  selectTags,
  versionOfTag,
  versionTags,
  type Selector,
} from './tag.ts';

export interface ResolveOptions {
  readonly source: Source;
  /** The requested release; undefined for the latest stable one. */
  readonly selector?: string | undefined;
  /** Use only what is in the store. Sources on this machine are read nevertheless. */
  readonly offline?: boolean | undefined;
  /** The commit of the tag according to a pin. */
  readonly expectedCommit?: string | undefined;
  readonly acceptMovedTag?: boolean | undefined;
}

export interface Resolution {
  readonly release: ResolvedRelease;
  /** Set if the source is a pack without a catalog: where the pack is in the release. */
  readonly plainPack: { readonly id: string; readonly packPath: PackPath } | null;
  readonly findings: readonly Finding[];
  /** Whether this call added objects to the store. */
  readonly fetched: boolean;
}

/**
 * One release, its objects complete in the store. If the remote announces what the store already
 * knows, nothing is fetched and no lock is taken. Branches are ignored, except for completing an
 * abbreviated commit id.
 *
 * @throws E_TAG_INVALID, E_TAG_NOT_FOUND, E_TAG_AMBIGUOUS, E_TAG_OBJECT, E_TAG_MOVED
 *   (docs/hostile-input.md#tags); E_SOURCE_UNREACHABLE, E_OFFLINE, E_GIT_MISSING;
 *   E_HOME_LOCKED, E_HOME_UNSAFE; for directories and archives what `importSource` throws
 */
export async function resolveRelease(
  context: ReleaseContext,
  options: ResolveOptions,
): Promise<Resolution> {
  const selector = parseSelector(options.selector);
  refuseStrangeStore(context);
  if (options.source.kind === 'starter' && context.fs.stat(options.source.path) === undefined) {
    throw new InstallError(
      'E_SOURCE_UNREACHABLE',
      'This build does not include starter releases.',
      {
        remedy: { kind: 'option', option: 'from', to: 'use another source' },
      },
    );
  }
  if (remoteOf(options.source) === undefined) return resolveImport(context, options, selector);
  if (selector.kind === 'commit') return resolveCommit(context, options, selector);
  return resolveTag(context, options, selector);
}

async function resolveTag(
  context: ReleaseContext,
  options: ResolveOptions,
  selector: Exclude<Selector, { kind: 'commit' }>,
): Promise<Resolution> {
  const { source } = options;
  const stored = await storedTags(context, source);
  const offline = staysOffline(options);
  const announced = offline ? cachedTags(stored, source) : await remoteTags(context, source);
  const { tags, ignored, findings } = versionTags(announced);
  const selected = selectTags(tags, selector, { where: source.url, ignored });

  const known = selected.flatMap(({ name, oid }) => {
    const tag = stored.find((item) => item.name === name);
    return tag?.oid === oid ? [tag] : [];
  });
  const current = known.length === selected.length;
  const candidates = current
    ? known
    : await fetchTags(
        context,
        source,
        selected.map(({ name }) => name),
      );
  const ordered = selected.flatMap(({ name }) => candidates.filter((tag) => tag.name === name));
  const [first, ...others] = ordered;
  if (first === undefined) throw changedMeanwhile(source);
  const tag = agreeingTag([first, ...others], source.url);
  const release = releaseOf(tag, source);
  const before = stored.find(({ name }) => name === tag.name);
  refuseMoved(release, before, options);
  if (before?.oid !== tag.oid) await keepTag(context, source, tag);
  return { release, plainPack: null, findings, fetched: !current };
}

function staysOffline({ offline, source }: ResolveOptions): boolean {
  return offline === true && remoteOf(source)?.reach === 'network';
}

function cachedTags(stored: StoredTag[], source: Source): StoredTag[] {
  if (stored.length > 0) return stored;
  throw new InstallError(
    'E_OFFLINE',
    `No release of ${printable(source.url)} is in the cache, and the run is offline.`,
    {
      remedy: steps(
        { kind: 'without', option: 'offline', to: 'fetch it' },
        {
          kind: 'option',
          option: 'from',
          value: 'starter',
          to: 'use the starter that comes with this program',
        },
      ),
    },
  );
}

async function remoteTags(
  context: ReleaseContext,
  source: Source,
): Promise<{ name: string; oid: string }[]> {
  const refs = await remoteRefs(context, source, 'tags');
  return refs
    .filter(({ name }) => name.startsWith('refs/tags/'))
    .map(({ name, oid }) => ({ name: name.slice('refs/tags/'.length), oid }));
}

async function remoteRefs(
  context: ReleaseContext,
  source: Source,
  kinds: 'tags' | 'branches-and-tags',
): Promise<RemoteRef[]> {
  const remote = remoteOf(source);
  if (remote === undefined) return [];
  context.progress.step(`Looking at ${printable(source.url)}`);
  return context.git.remoteRefs(remote, kinds, transferOptions(context));
}

async function resolveCommit(
  context: ReleaseContext,
  options: ResolveOptions,
  { prefix, full }: Extract<Selector, { kind: 'commit' }>,
): Promise<Resolution> {
  const { source } = options;
  const stored = await storedCommits(context, prefix);
  const only = stored.length === 1 ? stored[0] : undefined;
  if (only !== undefined && (full || staysOffline(options))) {
    return commitResolution(only, options, false);
  }
  if (staysOffline(options)) {
    throw new InstallError(
      'E_OFFLINE',
      `Commit ${prefix} is missing from the cache, or ambiguous.`,
      {
        remedy: steps('Give all digits of the commit id.', {
          kind: 'without',
          option: 'offline',
          to: 'look at the source',
        }),
      },
    );
  }
  const commit = full ? prefix : await completeCommit(context, source, prefix, stored);
  const cached = stored.find((item) => item.commit === commit);
  const found = cached ?? (await fetchCommit(context, source, commit));
  return commitResolution(found, options, cached === undefined);
}

function commitResolution(
  { commit, tree }: { readonly commit: string; readonly tree: string },
  options: ResolveOptions,
  fetched: boolean,
): Resolution {
  const { url, kind: sourceKind } = options.source;
  const release = { url, sourceKind, tag: null, tagObject: null, commit, tree, version: null };
  refuseMoved(release, undefined, options);
  return { release, plainPack: null, findings: [], fetched };
}

/**
 * An abbreviation is looked up among the commits of the remote's tags and branches, and in the
 * store.
 */
async function completeCommit(
  context: ReleaseContext,
  source: Source,
  prefix: string,
  stored: readonly { readonly commit: string }[],
): Promise<string> {
  const refs = await remoteRefs(context, source, 'branches-and-tags');
  const ids = [...stored.map(({ commit }) => commit), ...refs.map((ref) => ref.peeled ?? ref.oid)];
  const matches = [...new Set(ids.filter((id) => id.startsWith(prefix)))];
  const [commit] = matches;
  if (commit === undefined) {
    throw new InstallError(
      'E_TAG_NOT_FOUND',
      `No tag or branch at ${printable(source.url)} leads to a commit ${prefix}…`,
      { remedy: 'Give all digits of the commit id, or a tag.' },
    );
  }
  if (matches.length > 1) {
    throw new InstallError('E_TAG_AMBIGUOUS', `Several commits begin with ${prefix}.`, {
      remedy: 'Give more digits of the commit id.',
      details: { commits: matches },
    });
  }
  return commit;
}

async function resolveImport(
  context: ReleaseContext,
  options: ResolveOptions,
  selector: Selector,
): Promise<Resolution> {
  const { source } = options;
  if (selector.kind === 'version' || selector.kind === 'range') {
    throw new InstallError(
      'E_TAG_INVALID',
      'A directory or an archive has no tags to choose from.',
      {
        remedy: steps(
          { kind: 'without', option: 'release', to: 'take it as it is' },
          { kind: 'option', option: 'from', to: 'use a repository' },
        ),
        details: { selector: selector.text },
      },
    );
  }
  const { commit, tree, plainPack, findings } = await importSource(context, source);
  if (selector.kind === 'commit' && !commit.startsWith(selector.prefix)) {
    throw new InstallError(
      'E_TAG_NOT_FOUND',
      `${printable(source.url)} is commit ${commit} now, not ${selector.prefix}.`,
      {
        remedy: steps('Its content changed.', {
          kind: 'without',
          option: 'release',
          to: 'take it as it is',
        }),
      },
    );
  }
  const resolution = commitResolution({ commit, tree }, options, true);
  return { ...resolution, plainPack, findings };
}

function releaseOf(tag: StoredTag, source: Source): ResolvedRelease {
  if (tag.commit === null || tag.tree === null) {
    throw new InstallError(
      'E_TAG_OBJECT',
      `Tag ${tag.name} at ${printable(source.url)} does not name a commit.`,
      { remedy: 'Choose another tag.', details: { tag: tag.name, object: tag.oid } },
    );
  }
  return {
    url: source.url,
    sourceKind: source.kind,
    tag: tag.name,
    tagObject: tag.type === 'tag' ? tag.oid : null,
    commit: tag.commit,
    tree: tag.tree,
    version: versionOfTag(tag.name) ?? null,
  };
}

/**
 * A tag must still lead to the commit known from earlier runs, unless the user accepted that it
 * moved.
 */
function refuseMoved(
  release: ResolvedRelease,
  before: StoredTag | undefined,
  { expectedCommit, acceptMovedTag }: Pick<ResolveOptions, 'expectedCommit' | 'acceptMovedTag'>,
): void {
  if (acceptMovedTag === true) return;
  if (expectedCommit !== undefined && expectedCommit !== release.commit) {
    throw movedTag(release, 'was pinned to', expectedCommit);
  }
  const seen = before?.commit ?? release.commit;
  if (seen !== release.commit) throw movedTag(release, 'was seen at', seen);
}

function changedMeanwhile(source: Source): InstallError {
  return new InstallError(
    'E_SOURCE_UNREACHABLE',
    `${printable(source.url)} announced a tag but then did not provide it.`,
    { remedy: 'Try again.' },
  );
}
