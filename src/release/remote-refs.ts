import { printable } from '../core/printable.ts';
import type { RemoteRef } from '../platform/git.ts';
import type { ReleaseContext } from './context.ts';
import type { ResolveOptions } from './resolution.ts';
import { remoteOf, type Source } from './source.ts';
import { transferOptions } from './store.ts';

/** Whether only the store may answer. Sources on this machine are read nevertheless. */
export function staysOffline({ offline, source }: ResolveOptions): boolean {
  return offline === true && remoteOf(source)?.reach === 'network';
}

/** What the source announces; nothing for a source without refs. Throws what git reports. */
export async function remoteRefs(
  context: ReleaseContext,
  source: Source,
  kinds: 'tags' | 'branches-and-tags',
): Promise<RemoteRef[]> {
  const remote = remoteOf(source);
  if (remote === undefined) return [];
  context.progress.step(`Looking at ${printable(source.url)}`);
  return context.git.remoteRefs(remote, kinds, transferOptions(context));
}
