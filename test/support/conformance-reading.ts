import { expect, test } from 'vitest';
import { errnoThrownBy, text, type Subject } from './file-system-subject.ts';

export function readingConformance(open: () => Subject): void {
  test('stat tells kinds apart and never follows a link', () => {
    const { fs, root, symlink } = open();
    fs.makeDirectory(`${root}/d`, 0o755);
    fs.writeNew(`${root}/f`, text('12345'), 0o644);
    symlink(`${root}/d`, `${root}/l`);
    expect(fs.stat(`${root}/d`)).toMatchObject({ kind: 'directory', mode: 0o755 });
    expect(fs.stat(`${root}/f`)).toMatchObject({ kind: 'file', size: 5, mode: 0o644, links: 1 });
    expect(fs.stat(`${root}/l`)?.kind).toBe('link');
    expect(fs.stat(`${root}/f`)?.modifiedNs).toBeTypeOf('bigint');
  });

  test('stat is undefined where nothing is, also below a file', () => {
    const { fs, root } = open();
    fs.writeNew(`${root}/f`, text(''), 0o644);
    expect(fs.stat(`${root}/none`)).toBeUndefined();
    expect(fs.stat(`${root}/f/below`)).toBeUndefined();
  });

  test('list sorts by code unit', () => {
    const { fs, root } = open();
    for (const name of ['b', 'ä', 'B', 'a-1', 'a', '.x', '\uFFFD']) {
      fs.writeNew(`${root}/${name}`, text(''), 0o644);
    }
    expect(fs.list(root)).toEqual(['.x', 'B', 'a', 'a-1', 'b', 'ä', '\uFFFD']);
  });

  test('list fails on what is not a directory', () => {
    const { fs, root } = open();
    fs.writeNew(`${root}/f`, text(''), 0o644);
    expect(errnoThrownBy(() => fs.list(`${root}/f`))).toBe('ENOTDIR');
    expect(errnoThrownBy(() => fs.list(`${root}/none`))).toBe('ENOENT');
  });

  test('read gives the bytes as they are', () => {
    const { fs, root } = open();
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    fs.writeNew(`${root}/f`, bytes, 0o644);
    fs.writeNew(`${root}/empty`, text(''), 0o644);
    expect(fs.read(`${root}/f`)).toEqual(bytes);
    expect(fs.read(`${root}/empty`).byteLength).toBe(0);
  });

  test.each([
    ['a link', 'ELOOP', 'l'],
    ['a directory', 'EISDIR', 'd'],
    ['nothing', 'ENOENT', 'none'],
    ['a path below a file', 'ENOTDIR', 'f/below'],
  ])('read, readChunks and append refuse %s', (_what, errno, name) => {
    const { fs, root, symlink } = open();
    fs.writeNew(`${root}/f`, text('x'), 0o644);
    fs.makeDirectory(`${root}/d`, 0o755);
    symlink(`${root}/f`, `${root}/l`);
    expect(errnoThrownBy(() => fs.read(`${root}/${name}`))).toBe(errno);
    expect(errnoThrownBy(() => [...fs.readChunks(`${root}/${name}`)])).toBe(errno);
    if (errno !== 'ENOENT') {
      expect(errnoThrownBy(() => fs.append(`${root}/${name}`, text('y')))).toBe(errno);
    }
    expect(fs.read(`${root}/f`).toString()).toBe('x');
  });

  test('readChunks gives at most 1 MiB at a time and everything in all', () => {
    const { fs, root } = open();
    const bytes = Buffer.alloc(2 * 1024 * 1024 + 7, 'abcdefg');
    fs.writeNew(`${root}/f`, bytes, 0o644);
    const copies = [...fs.readChunks(`${root}/f`)].length;
    const parts: Buffer[] = [];
    for (const chunk of fs.readChunks(`${root}/f`)) {
      expect(chunk.byteLength).toBeLessThanOrEqual(1024 * 1024);
      parts.push(Buffer.from(chunk));
    }
    expect(copies).toBeGreaterThan(2);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  });

  test('readLink and realPath', () => {
    const { fs, root, symlink } = open();
    fs.makeDirectory(`${root}/d`, 0o755);
    symlink('d', `${root}/l`);
    expect(fs.readLink(`${root}/l`)).toBe('d');
    expect(fs.realPath(`${root}/l`)).toBe(`${root}/d`);
    expect(errnoThrownBy(() => fs.readLink(`${root}/d`))).toBe('EINVAL');
    expect(errnoThrownBy(() => fs.realPath(`${root}/none`))).toBe('ENOENT');
  });

  test('freeBytes is a number of bytes', () => {
    const { fs, root } = open();
    expect(fs.freeBytes(root)).toBeGreaterThan(1024);
    expect(errnoThrownBy(() => fs.freeBytes(`${root}/none`))).toBe('ENOENT');
  });
}
