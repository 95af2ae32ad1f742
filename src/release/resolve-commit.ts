import { InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { steps } from '../core/remedy.ts';
import type { ReleaseContext } from './context.ts';
import { remoteRefs, staysOffline } from './remote-refs.ts';
import type { Resolution, ResolveOptions } from './resolution.ts';
import type { Source } from './source.ts';
import { refuseMoved } from './step-back.ts';
import { fetchCommit, storedCommits } from './store.ts';
import type { Selector } from './tag.ts';

/** The release of a commit id or the beginning of one, as `resolveRelease` describes it. */
export async function resolveCommit(
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

/** @throws InstallError E_TAG_MOVED if a pin names another commit */
export function commitResolution(
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
