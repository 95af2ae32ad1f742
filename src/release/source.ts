import type { GitRemote } from '../platform/git.ts';

/** Where releases come from. `url` is canonical; given as a source, it means the same one. */
export type Source =
  | { readonly kind: 'git'; readonly url: string; readonly allowHttp: boolean }
  | { readonly kind: 'repository' | 'bundle' | 'archive'; readonly url: string }
  | { readonly kind: 'starter'; readonly url: string; readonly path: string }
  | { readonly kind: 'directory'; readonly url: string; readonly form: 'protocol' | 'pack' };

/** The remote that git fetches from; undefined for what is imported instead. */
export function remoteOf(source: Source): GitRemote | undefined {
  switch (source.kind) {
    case 'git':
      return { address: source.url, reach: 'network', allowHttp: source.allowHttp };
    case 'repository':
    case 'bundle':
      return { address: source.url, reach: 'local' };
    case 'starter':
      return { address: source.path, reach: 'local' };
    case 'directory':
    case 'archive':
      return undefined;
  }
}
