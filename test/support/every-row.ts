import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileClass } from '../../src/instance/classes.ts';
import type { RepositoryFile } from './repository.ts';
import { installedScene, type Scene } from './scene.ts';

/** A row of the three-way table, in its words (docs/architecture.md#the-three-way-table). */
export interface TableRow {
  readonly base: string;
  readonly local: string;
  readonly incoming: string;
  readonly class: FileClass;
  /** Where the scene has it. */
  readonly path: string;
}

const bases = ['-', 'a'];
const locals = ['-', 'a', 'b', 'a+x', 'dir', 'link'];
const incomings = ['-', 'a', 'b', 'c', 'a+x'];
/** A directory of each class; that of `local` is named with `keepOption`. */
const directories: readonly (readonly [FileClass, string])[] = [
  ['shipped', 'notes'],
  ['state', 'runtime/logs'],
  ['local', 'kept'],
];
export const keepOption = 'kept/**';

/** Every base, local and incoming state of a file of each class. */
export const everyRow: readonly TableRow[] = directories.flatMap(([fileClass, directory]) =>
  bases.flatMap((base) =>
    locals.flatMap((local) =>
      incomings.map((incoming) => {
        const name = [base, local, incoming].map((word) => word.replace('-', 'none')).join('-');
        return { base, local, incoming, class: fileClass, path: `${directory}/${name}` };
      }),
    ),
  ),
);

/** What stands in the way of a file, as far as it is not at its very path. */
const obstacles = {
  first: { 'clear-directory/old': 'a', 'clear-parent': 'a' },
  second: { 'clear-directory': 'a', 'clear-parent/new': 'a', 'blocked-parent/new': 'a' },
  local: { 'blocked-parent': 'mine' },
};
/** The paths that something stands in the way of, though not at the path itself. */
export const obstructed = Object.keys(obstacles.second);

/**
 * A home with an instance in which each row is a path, after its first release was installed and the
 * person did the rest. The next install plans all of them.
 */
export async function sceneOfEveryRow(): Promise<Scene> {
  const scene = await installedScene(
    { ...filesOf(({ base }) => base), ...obstacles.first },
    { ...filesOf(({ incoming }) => incoming), ...obstacles.second },
  );
  for (const { local, path } of everyRow) leave(scene.path(path), local);
  for (const [path, content] of Object.entries(obstacles.local)) {
    writeFileSync(scene.path(path), content);
  }
  return scene;
}

function filesOf(side: (row: TableRow) => string): Record<string, RepositoryFile> {
  return Object.fromEntries(
    everyRow
      .filter((row) => side(row) !== '-')
      .map((row) => {
        const [content = '', executable] = side(row).split('+');
        return [row.path, executable === undefined ? content : { content, executable: true }];
      }),
  );
}

/** Makes of a path what a row says that is there. */
function leave(path: string, local: string): void {
  rmSync(path, { force: true });
  if (local === '-') return;
  mkdirSync(dirname(path), { recursive: true });
  if (local === 'dir') {
    mkdirSync(join(path, 'mine'), { recursive: true });
    return;
  }
  if (local === 'link') {
    symlinkSync('elsewhere', path);
    return;
  }
  const [content = '', executable] = local.split('+');
  writeFileSync(path, content);
  chmodSync(path, executable === undefined ? 0o644 : 0o755);
}
