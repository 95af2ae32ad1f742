import { expect, test } from 'vitest';
import { errnoThrownBy, text, type Subject } from './file-system-subject.ts';

export function namingConformance(open: () => Subject): void {
  test('rename replaces a file, and its inode moves along', () => {
    const { fs, root } = open();
    fs.writeNew(`${root}/a`, text('a'), 0o600);
    fs.writeNew(`${root}/b`, text('b'), 0o644);
    const inode = fs.stat(`${root}/a`)?.inode;
    fs.rename(`${root}/a`, `${root}/b`);
    expect(fs.stat(`${root}/a`)).toBeUndefined();
    expect(fs.stat(`${root}/b`)).toMatchObject({ inode, mode: 0o600, links: 1 });
    expect(fs.read(`${root}/b`).toString()).toBe('a');
  });

  test('rename moves a directory with what is in it', () => {
    const { fs, root } = open();
    fs.makeDirectory(`${root}/d`, 0o755);
    fs.makeDirectory(`${root}/d/e`, 0o755);
    fs.writeNew(`${root}/d/e/f`, text('x'), 0o644);
    fs.makeDirectory(`${root}/empty`, 0o755);
    fs.rename(`${root}/d`, `${root}/empty`);
    expect(fs.read(`${root}/empty/e/f`).toString()).toBe('x');
    expect(fs.list(root)).toEqual(['empty']);
  });

  test('rename refuses what rename(2) refuses', () => {
    const { fs, root } = open();
    fs.makeDirectory(`${root}/d`, 0o755);
    fs.makeDirectory(`${root}/full`, 0o755);
    fs.writeNew(`${root}/full/f`, text('x'), 0o644);
    fs.writeNew(`${root}/f`, text('f'), 0o644);
    expect(errnoThrownBy(() => fs.rename(`${root}/d`, `${root}/full`))).toBe('ENOTEMPTY');
    expect(errnoThrownBy(() => fs.rename(`${root}/d`, `${root}/f`))).toBe('ENOTDIR');
    expect(errnoThrownBy(() => fs.rename(`${root}/f`, `${root}/d`))).toBe('EISDIR');
    expect(errnoThrownBy(() => fs.rename(`${root}/none`, `${root}/x`))).toBe('ENOENT');
    expect(errnoThrownBy(() => fs.rename(`${root}/d`, `${root}/d/x`))).toBe('EINVAL');
    expect(fs.list(root)).toEqual(['d', 'f', 'full']);
  });

  test('link is a second name for the same file', () => {
    const { fs, root } = open();
    fs.writeNew(`${root}/a`, text('a'), 0o644);
    fs.link(`${root}/a`, `${root}/b`);
    expect(fs.stat(`${root}/b`)).toMatchObject({ inode: fs.stat(`${root}/a`)?.inode, links: 2 });
    // rename(2) between two names of one file does nothing.
    fs.rename(`${root}/a`, `${root}/b`);
    expect(fs.list(root)).toEqual(['a', 'b']);
    fs.unlink(`${root}/a`);
    expect(fs.stat(`${root}/b`)?.links).toBe(1);
    expect(fs.read(`${root}/b`).toString()).toBe('a');
  });

  test('link refuses what is there, links and directories', () => {
    const { fs, root, symlink } = open();
    fs.writeNew(`${root}/a`, text('a'), 0o644);
    fs.writeNew(`${root}/b`, text('b'), 0o644);
    fs.makeDirectory(`${root}/d`, 0o755);
    symlink(`${root}/none`, `${root}/dangling`);
    expect(errnoThrownBy(() => fs.link(`${root}/a`, `${root}/b`))).toBe('EEXIST');
    expect(errnoThrownBy(() => fs.link(`${root}/a`, `${root}/dangling`))).toBe('EEXIST');
    expect(errnoThrownBy(() => fs.link(`${root}/dangling`, `${root}/x`))).toBe('ELOOP');
    expect(errnoThrownBy(() => fs.link(`${root}/d`, `${root}/x`))).toBe('EPERM');
    expect(errnoThrownBy(() => fs.link(`${root}/none`, `${root}/x`))).toBe('ENOENT');
    expect(fs.read(`${root}/b`).toString()).toBe('b');
  });

  test('exchange swaps two files with their inodes and modes', () => {
    const { fs, root } = open();
    fs.writeNew(`${root}/a`, text('a'), 0o600);
    fs.writeNew(`${root}/b`, text('b'), 0o755);
    const [a, b] = [fs.stat(`${root}/a`), fs.stat(`${root}/b`)];
    fs.exchange(`${root}/a`, `${root}/b`);
    expect(fs.read(`${root}/a`).toString()).toBe('b');
    expect(fs.stat(`${root}/a`)).toMatchObject({ inode: b?.inode, mode: 0o755 });
    expect(fs.stat(`${root}/b`)).toMatchObject({ inode: a?.inode, mode: 0o600 });
    expect(fs.list(root)).toEqual(['a', 'b']);
  });

  test('exchange swaps a file and a full directory', () => {
    const { fs, root } = open();
    fs.writeNew(`${root}/a`, text('a'), 0o600);
    fs.makeDirectory(`${root}/d`, 0o755);
    fs.writeNew(`${root}/d/x`, text('x'), 0o755);
    fs.exchange(`${root}/a`, `${root}/d`);
    expect(fs.read(`${root}/a/x`).toString()).toBe('x');
    expect(fs.read(`${root}/d`).toString()).toBe('a');
  });

  test('exchange needs both, neither inside the other', () => {
    const { fs, root } = open();
    fs.makeDirectory(`${root}/d`, 0o755);
    fs.writeNew(`${root}/d/x`, text('x'), 0o755);
    expect(errnoThrownBy(() => fs.exchange(`${root}/d`, `${root}/none`))).toBe('ENOENT');
    expect(errnoThrownBy(() => fs.exchange(`${root}/none`, `${root}/d`))).toBe('ENOENT');
    expect(errnoThrownBy(() => fs.exchange(`${root}/d`, `${root}/d/x`))).toBe('EINVAL');
    expect(fs.list(root)).toEqual(['d']);
  });

  test('unlink removes one name, a link itself, never a directory', () => {
    const { fs, root, symlink } = open();
    fs.makeDirectory(`${root}/d`, 0o755);
    fs.writeNew(`${root}/f`, text('x'), 0o644);
    symlink(`${root}/f`, `${root}/l`);
    fs.unlink(`${root}/l`);
    expect(fs.list(root)).toEqual(['d', 'f']);
    // Linux says EISDIR, POSIX and macOS EPERM.
    expect(['EISDIR', 'EPERM']).toContain(errnoThrownBy(() => fs.unlink(`${root}/d`)));
    expect(errnoThrownBy(() => fs.unlink(`${root}/none`))).toBe('ENOENT');
  });

  test('removeDirectory removes an empty directory only', () => {
    const { fs, root } = open();
    fs.makeDirectory(`${root}/d`, 0o755);
    fs.writeNew(`${root}/d/f`, text('x'), 0o644);
    expect(errnoThrownBy(() => fs.removeDirectory(`${root}/d`))).toBe('ENOTEMPTY');
    expect(errnoThrownBy(() => fs.removeDirectory(`${root}/d/f`))).toBe('ENOTDIR');
    expect(errnoThrownBy(() => fs.removeDirectory(`${root}/none`))).toBe('ENOENT');
    fs.unlink(`${root}/d/f`);
    fs.removeDirectory(`${root}/d`);
    expect(fs.list(root)).toEqual([]);
  });
}
