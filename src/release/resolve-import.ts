import { InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { steps } from '../core/remedy.ts';
import type { ReleaseContext } from './context.ts';
import { importSource } from './import.ts';
import type { Resolution, ResolveOptions } from './resolution.ts';
import { commitResolution } from './resolve-commit.ts';
import type { Selector } from './tag.ts';

/** The release that a directory or an archive becomes, as `resolveRelease` describes it. */
export async function resolveImport(
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
