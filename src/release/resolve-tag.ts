import { InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { ResolvedRelease } from '../core/release.ts';
import { steps } from '../core/remedy.ts';
import type { ReleaseContext } from './context.ts';
import { remoteRefs, staysOffline } from './remote-refs.ts';
import type { Resolution, ResolveOptions } from './resolution.ts';
import type { Source } from './source.ts';
import { refuseMoved } from './step-back.ts';
import { fetchTags, keepTag, storedTags, type StoredTag } from './store.ts';
import { agreeingTag, selectTags, versionOfTag, versionTags, type Selector } from './tag.ts';

/** The release of a tag or of the best tag in a range, as `resolveRelease` describes it. */
export async function resolveTag(
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

function changedMeanwhile(source: Source): InstallError {
  return new InstallError(
    'E_SOURCE_UNREACHABLE',
    `${printable(source.url)} announced a tag but then did not provide it.`,
    { remedy: 'Try again.' },
  );
}
