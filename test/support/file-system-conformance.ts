import { expect, test } from 'vitest';
import { errnoOf } from '../../src/core/errors.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';

/** A file system under test with an empty directory in it. */
export interface Subject {
  readonly fs: FileSystem;
  readonly root: string;
  /** The port cannot make symbolic links; the suite needs them as an obstacle. */
  readonly symlink: (target: string, path: string) => void;
}

/** The errno of what the call throws; a call that does not throw fails the test. */
export function errnoThrownBy(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    return errnoOf(error) ?? `no errno: ${String(error)}`;
  }
  return expect.fail('nothing was thrown');
}

const text = (value: string) => Buffer.from(value);

/**
 * What every `FileSystem` must do (the port's comments), run against each implementation.
 * `open` is called once in every test.
 */
export function fileSystemConformance(open: () => Subject): void {
  reading(open);
  writing(open);
  naming(open);
  durability(open);
}

function reading(open: () => Subject): void {
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

  test('list fails on what is no directory', () => {
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

function writing(open: () => Subject): void {
  test.each([0o600, 0o640, 0o666, 0o777, 0o755])(
    'mode %o is set exactly, whatever the umask',
    (mode) => {
      const { fs, root } = open();
      fs.writeNew(`${root}/f`, text('x'), mode);
      fs.makeDirectory(`${root}/d`, mode | 0o700);
      expect(fs.stat(`${root}/f`)?.mode).toBe(mode);
      expect(fs.stat(`${root}/d`)?.mode).toBe(mode | 0o700);
      fs.changeMode(`${root}/f`, 0o606);
      fs.changeMode(`${root}/d`, 0o707);
      expect(fs.stat(`${root}/f`)?.mode).toBe(0o606);
      expect(fs.stat(`${root}/d`)?.mode).toBe(0o707);
    },
  );

  test('changeMode does not reach through a link', () => {
    const { fs, root, symlink } = open();
    fs.writeNew(`${root}/f`, text('x'), 0o644);
    symlink(`${root}/f`, `${root}/l`);
    expect(errnoThrownBy(() => fs.changeMode(`${root}/l`, 0o777))).toBe('ELOOP');
    expect(fs.stat(`${root}/f`)?.mode).toBe(0o644);
  });

  test('writeNew takes chunks', () => {
    const { fs, root } = open();
    fs.writeNew(`${root}/f`, [text('one '), text(''), text('two')], 0o644);
    expect(fs.read(`${root}/f`).toString()).toBe('one two');
  });

  test.each(['f', 'd', 'l', 'dangling'])('writeNew and makeDirectory never replace: %s', (name) => {
    const { fs, root, symlink } = open();
    fs.writeNew(`${root}/f`, text('mine'), 0o644);
    fs.makeDirectory(`${root}/d`, 0o755);
    symlink(`${root}/f`, `${root}/l`);
    symlink(`${root}/elsewhere`, `${root}/dangling`);
    expect(errnoThrownBy(() => fs.writeNew(`${root}/${name}`, text('theirs'), 0o644))).toBe(
      'EEXIST',
    );
    expect(errnoThrownBy(() => fs.makeDirectory(`${root}/${name}`, 0o755))).toBe('EEXIST');
    expect(fs.read(`${root}/f`).toString()).toBe('mine');
    expect(fs.stat(`${root}/elsewhere`)).toBeUndefined();
  });

  test('nothing is created where no directory is', () => {
    const { fs, root } = open();
    fs.writeNew(`${root}/f`, text(''), 0o644);
    for (const [parent, errno] of [
      ['none', 'ENOENT'],
      ['f', 'ENOTDIR'],
    ] as const) {
      const path = `${root}/${parent}/x`;
      expect(errnoThrownBy(() => fs.writeNew(path, text(''), 0o644))).toBe(errno);
      expect(errnoThrownBy(() => fs.makeDirectory(path, 0o755))).toBe(errno);
      expect(errnoThrownBy(() => fs.append(path, text('')))).toBe(errno);
      expect(errnoThrownBy(() => fs.rename(`${root}/f`, path))).toBe(errno);
      expect(errnoThrownBy(() => fs.link(`${root}/f`, path))).toBe(errno);
    }
  });

  test('append creates with 0600, then adds', () => {
    const { fs, root } = open();
    fs.append(`${root}/f`, text('one\n'));
    expect(fs.stat(`${root}/f`)?.mode).toBe(0o600);
    fs.append(`${root}/f`, text('two\n'));
    expect(fs.read(`${root}/f`).toString()).toBe('one\ntwo\n');
  });

  test('truncate cuts', () => {
    const { fs, root } = open();
    fs.writeNew(`${root}/f`, text('12345'), 0o644);
    fs.truncate(`${root}/f`, 2);
    expect(fs.read(`${root}/f`).toString()).toBe('12');
    expect(errnoThrownBy(() => fs.truncate(`${root}/none`, 0))).toBe('ENOENT');
  });
}

function naming(open: () => Subject): void {
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

function durability(open: () => Subject): void {
  test('sync takes files and directories, and what is missing is an error', () => {
    const { fs, root } = open();
    fs.writeNew(`${root}/f`, text('x'), 0o644);
    fs.sync(`${root}/f`);
    fs.sync(root);
    expect(errnoThrownBy(() => fs.sync(`${root}/none`))).toBe('ENOENT');
  });

  test('barrier takes trees, and what is missing is an error', async () => {
    const { fs, root } = open();
    fs.makeDirectory(`${root}/d`, 0o755);
    fs.writeNew(`${root}/d/f`, text('x'), 0o644);
    await fs.barrier([root, `${root}/d`]);
    await expect(fs.barrier([`${root}/none`])).rejects.toMatchObject({ code: 'ENOENT' });
  });
}
