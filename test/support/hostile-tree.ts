import { helperRelease } from './helper-pack.ts';
import { soundPack } from './hostile-scene.ts';
import type { RawTreeEntry, TestRepository } from './repository.ts';

/** Entries of a pack's tree object, made from any blob; nothing checks them. */
export type PackEntries = (blob: string, repository: TestRepository) => readonly RawTreeEntry[];

/**
 * Makes trees of releases whose pack `helper` holds hostile entries besides a sound pack's own, in
 * the order that git wants: what is wrong with such a tree is what the test put there.
 */
export function hostileReleases(repository: TestRepository): (entries: PackEntries) => string {
  const sound = repository.commit(helperRelease(soundPack));
  const list = (path: string): RawTreeEntry[] =>
    repository
      .git('ls-tree', `${sound}:${path}`)
      .split('\n')
      .map((line) => {
        const [, mode = '', oid = '', name = ''] = /^0?(\d+) \w+ (\w+)\t(.*)$/.exec(line) ?? [];
        return { mode, name, oid };
      });
  const blob = repository.blob('hostile\n');
  const [pack, packs, identity] = [
    list('identity/packs/helper'),
    list('identity/packs'),
    list('identity'),
  ];
  const replaced = (entries: readonly RawTreeEntry[], name: string, oid: string): string =>
    repository.rawTree(entries.map((entry) => (entry.name === name ? { ...entry, oid } : entry)));
  return (entries) => {
    const tree = repository.rawTree([...pack, ...entries(blob, repository)].sort(byGitOrder));
    const oid = replaced(identity, 'packs', replaced(packs, 'helper', tree));
    return repository.rawTree([{ mode: '40000', name: 'identity', oid }]);
  };
}

/** Trees are sorted by the bytes of their names, those of directories with a slash behind. */
function byGitOrder(left: RawTreeEntry, right: RawTreeEntry): number {
  const key = ({ name, mode }: RawTreeEntry): Buffer =>
    Buffer.concat([Buffer.from(name), Buffer.from(mode === '40000' ? '/' : '')]);
  return Buffer.compare(key(left), key(right));
}
