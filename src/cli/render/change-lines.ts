import type { FileAction, KeepAction } from '../../planning/plan.ts';
import { sizeOf, type FileLine, type Symbol } from './file-lines.ts';
import { humanSize } from './size.ts';

type ChangeAction = Exclude<FileAction, KeepAction>;

const words: Readonly<
  Record<ChangeAction['kind'], { symbol: Symbol; plan: string; done: string }>
> = {
  add: { symbol: '+', plan: 'add', done: 'added' },
  update: { symbol: '~', plan: 'update', done: 'updated' },
  replace: { symbol: '~', plan: 'replace', done: 'replaced' },
  remove: { symbol: '-', plan: 'remove', done: 'removed' },
};

/** Each file whose bytes change; replaced ones first, because someone may miss them. */
export function changeLines(changes: readonly ChangeAction[], planned: boolean): FileLine[] {
  const order = ['replace', 'remove', 'update', 'add'];
  const sorted = [...changes].sort(
    (left, right) => order.indexOf(left.kind) - order.indexOf(right.kind),
  );
  return sorted.map((action) => ({
    symbol: words[action.kind].symbol,
    word: planned ? words[action.kind].plan : words[action.kind].done,
    path: action.path,
    size: sizeOf(action.kind === 'remove' ? action.local : action.incoming),
    ...(action.kind === 'replace' ? { note: 'it had been changed here' } : {}),
  }));
}

/** `2 added, 1 updated, 24.3 KiB`, or `2 to add, …`; null if no file changes. */
export function changeSummary(changes: readonly ChangeAction[], planned: boolean): string | null {
  if (changes.length === 0) return null;
  const counted = (['add', 'update', 'replace', 'remove'] as const).flatMap((kind) => {
    const number = changes.filter((action) => action.kind === kind).length;
    const word = planned ? `to ${words[kind].plan}` : words[kind].done;
    return number === 0 ? [] : [`${number} ${word}`];
  });
  const written = changes
    .filter((action) => action.kind !== 'remove')
    .reduce((sum, action) => sum + (sizeOf(action.incoming) ?? 0), 0);
  return [...counted, ...(written > 0 ? [humanSize(written)] : [])].join(', ');
}
