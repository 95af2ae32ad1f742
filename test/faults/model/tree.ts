/** What stands at a path, as far as installs and rollbacks tell things apart. */
export type Node =
  | { readonly kind: 'file'; readonly content: string; readonly executable: boolean }
  | { readonly kind: 'directory' }
  | { readonly kind: 'link' };

export type FileNode = Extract<Node, { kind: 'file' }>;

/** Everything below an instance; the empty path is the instance itself. */
export type Tree = ReadonlyMap<string, Node>;

export const directory: Node = { kind: 'directory' };
export const link: Node = { kind: 'link' };

export function file(content: string, executable = false): FileNode {
  return { kind: 'file', content, executable };
}

export function sameNode(left: Node | undefined, right: Node | undefined): boolean {
  if (left?.kind !== 'file' || right?.kind !== 'file') return left?.kind === right?.kind;
  return left.content === right.content && left.executable === right.executable;
}

/** Every directory above a path, the instance first, the nearest last. */
export function above(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return path === ''
    ? []
    : ['', ...parts.map((_part, index) => parts.slice(0, index + 1).join('/'))];
}

export function isBelow(path: string, directoryPath: string): boolean {
  return path !== directoryPath && (directoryPath === '' || path.startsWith(`${directoryPath}/`));
}

export function inside(tree: Tree, path: string): string[] {
  return [...tree.keys()].filter((other) => isBelow(other, path));
}

/** The first thing on the way to a path that is not a directory. */
export function obstacleOn(tree: Tree, path: string): string | undefined {
  return above(path).find((parent) => (tree.get(parent)?.kind ?? 'directory') !== 'directory');
}

/** The tree with a path taken out, and everything below it. */
export function without(tree: Tree, path: string): Map<string, Node> {
  return new Map([...tree].filter(([other]) => other !== path && !isBelow(other, path)));
}

/** The tree with something at a path, and the directories that it needs. */
export function withNode(tree: Tree, path: string, node: Node): Map<string, Node> {
  const next = new Map(tree);
  for (const parent of above(path)) if (!next.has(parent)) next.set(parent, directory);
  return next.set(path, node);
}

/** One line a path, sorted: equal texts are equal trees, and a difference reads well. */
export function textOfTree(tree: Tree): string[] {
  return [...tree].map(([path, node]) => `${path || '.'} ${textOfNode(node)}`).sort();
}

function textOfNode(node: Node): string {
  if (node.kind !== 'file') return node.kind;
  return `${node.executable ? '755' : '644'} ${JSON.stringify(node.content)}`;
}
