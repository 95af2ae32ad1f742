import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/core/digest.ts';

/**
 * A directory as a table from path to what stands there: `f 644 <sha256>`, `d 755`, `l <target>`,
 * `special 644`.
 * Equal tables are equal trees in content, mode and type. An absent directory is an empty table.
 */
export function treeOf(root: string, except: (path: string) => boolean = () => false) {
  const table: Record<string, string> = {};
  const visit = (path: string): void => {
    const absolute = join(root, path);
    const stat = lstatSync(absolute, { throwIfNoEntry: false });
    if (stat === undefined || except(path)) return;
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) table[path] = `l ${readlinkSync(absolute)}`;
    else if (stat.isDirectory()) {
      table[path === '' ? '.' : path] = `d ${mode}`;
      for (const name of readdirSync(absolute)) visit(path === '' ? name : `${path}/${name}`);
    } else if (stat.isFile()) table[path] = `f ${mode} ${sha256(readFileSync(absolute))}`;
    else table[path] = `special ${mode}`;
  };
  visit('');
  return table;
}

/** Copies a tree: content, modes, times, links, and which names lead to one inode. */
export function copyTree(from: string, to: string, copied = new Map<number, string>()): void {
  const stat = lstatSync(from);
  const twin = copied.get(stat.ino);
  if (stat.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (stat.isDirectory()) {
    mkdirSync(to);
    for (const name of readdirSync(from)) copyTree(join(from, name), join(to, name), copied);
    chmodSync(to, stat.mode & 0o7777);
    utimesSync(to, stat.atime, stat.mtime);
  } else if (twin !== undefined) linkSync(twin, to);
  else {
    copyFileSync(from, to);
    chmodSync(to, stat.mode & 0o7777);
    utimesSync(to, stat.atime, stat.mtime);
    if (stat.nlink > 1) copied.set(stat.ino, to);
  }
}
