import type { EditStep } from './steps.ts';
import {
  directory,
  file,
  link,
  obstacleOn,
  withNode,
  without,
  type Node,
  type Tree,
} from './tree.ts';

/** The tree after somebody's edit; the same where the edit makes no sense there. */
export function edited(tree: Tree, { path, edit, text }: EditStep): Tree {
  if (edit === 'delete instance') return new Map();
  if (obstacleOn(tree, path) !== undefined) return tree;
  const now = tree.get(path);
  const put = (node: Node) => withNode(without(tree, path), path, node);
  switch (edit) {
    case 'write':
      return put(file(text, now?.kind === 'file' && now.executable));
    case 'append':
      return now?.kind === 'file' ? put({ ...now, content: now.content + text }) : tree;
    case 'toggle executable':
      return now?.kind === 'file' ? put({ ...now, executable: !now.executable }) : tree;
    case 'delete':
      return without(tree, path);
    case 'make directory':
      return now?.kind === 'directory' ? tree : put(directory);
    case 'make link':
      return put(link);
  }
}
