import { join } from 'node:path';
import { InstallError } from '../../core/errors.ts';
import { saysNoLinks } from '../../core/unsupported.ts';
import { discardTree } from '../../platform/files/discard-tree.ts';
import type { TransactionContext } from '../context.ts';
import type { Intent } from '../journal/intent.ts';

/**
 * Refuses an operation on a file system without hard links, before anything is begun: a change that
 * has to be undone gets its name by link(2), the only call that never overwrites
 * (docs/adr/0012-no-adding-without-links.md). A new instance that is moved in as a whole does not
 * need them.
 *
 * Pre: the home is prepared, its lock held.
 * @throws InstallError E_FS_NO_EXCHANGE
 */
export function requireHardLinks({ fs, layout }: TransactionContext, intent: Intent): void {
  const { changes, stagesTree } = intent;
  if (changes.every(({ root }) => stagesTree && root === 'instance')) return;
  const probe = join(layout.journal, `${intent.ref}.probe-link.new`);
  fs.makeDirectory(probe, 0o700);
  try {
    fs.link(layout.formatFile, join(probe, 'link'));
  } catch (cause) {
    if (!saysNoLinks(cause)) throw cause;
    throw new InstallError(
      'E_FS_NO_EXCHANGE',
      `The file system of ${layout.home} has no hard links, so nothing in an instance can be changed safely there.`,
      {
        remedy:
          'Nothing was changed. Copy the home to a file system that has them (ext4, XFS, btrfs, tmpfs, APFS, NTFS), and install there.',
        details: { home: layout.home },
        cause,
      },
    );
  } finally {
    discardTree(fs, probe);
  }
}
