import { join } from 'node:path';
import { InstallError } from '../core/errors.ts';
import { storeDirectory, type StoreContext } from './context.ts';

/** What `git init` writes into the settings of a new store, on any platform. */
const ownSettings = new Set([
  'repositoryformatversion',
  'filemode',
  'bare',
  'ignorecase',
  'precomposeunicode',
  'symlinks',
  'logallrefupdates',
  'objectformat',
  'refstorage',
]);

/** Files by which a repository includes settings or objects from elsewhere. */
const elsewhere = [
  'commondir',
  'config.worktree',
  'objects/info/alternates',
  'objects/info/http-alternates',
];

/**
 * A home may have come with somebody else's repository, and then its release store too. git obeys
 * the settings of the store that it works on, so only those of its creation are permitted.
 *
 * @throws InstallError E_HOME_UNSAFE
 */
export function refuseStrangeStore(context: StoreContext): void {
  const { fs } = context;
  const store = storeDirectory(context);
  const stat = fs.stat(store);
  if (stat === undefined) return;
  if (stat.kind !== 'directory') throw strange(store, 'is not a directory');
  const other = elsewhere.find((name) => fs.stat(join(store, name)) !== undefined);
  if (other !== undefined) throw strange(store, `has a file ${other}`);
  const config = join(store, 'config');
  if (fs.stat(config)?.kind !== 'file') throw strange(store, 'has no settings of its own');
  const line = fs.read(config).toString('utf8').split('\n').find(isForeign);
  if (line !== undefined) throw strange(store, 'has settings that this program did not make');
}

function isForeign(line: string): boolean {
  const text = line.trim();
  if (text === '' || text === '[core]' || text === '[extensions]') return false;
  const [, key] = /^(\w+) = \w+$/.exec(text) ?? [];
  return key === undefined || !ownSettings.has(key.toLowerCase());
}

function strange(store: string, how: string): InstallError {
  return new InstallError('E_HOME_UNSAFE', `The release store ${store} ${how}.`, {
    remedy: 'It holds only what can be fetched again: move it away and try again.',
    details: { path: store },
  });
}
