import { expect, test } from 'vitest';
import { errnoThrownBy, text, type Subject } from './file-system-subject.ts';

export function inDirectoryConformance(open: () => Subject): void {
  test('inDirectory acts on names in a directory and gives what the act gives', () => {
    const { fs, root } = open();
    fs.makeDirectory(`${root}/a`, 0o755);
    fs.makeDirectory(`${root}/a/b`, 0o755);
    const names = fs.inDirectory(root, `${root}/a/b`, () => {
      fs.writeNew(`${root}/a/b/one`, text('1'), 0o640);
      fs.link(`${root}/a/b/one`, `${root}/a/two`);
      fs.rename(`${root}/a/two`, `${root}/a/b/two`);
      fs.exchange(`${root}/a/b/one`, `${root}/a/b/two`);
      fs.makeDirectory(`${root}/a/b/d`, 0o700);
      fs.writeNew(`${root}/a/b/d/deeper`, text('2'), 0o600);
      fs.unlink(`${root}/a/b/d/deeper`);
      fs.removeDirectory(`${root}/a/b/d`);
      fs.append(`${root}/a/b/one`, text('+'));
      fs.changeMode(`${root}/a/b/one`, 0o600);
      fs.sync(`${root}/a/b/one`);
      fs.sync(`${root}/a/b`);
      expect(fs.stat(`${root}/a/b`)?.kind).toBe('directory');
      expect(fs.read(`${root}/a/b/two`).toString()).toBe('1+');
      expect(Buffer.concat([...fs.readChunks(`${root}/a/b/two`)]).toString()).toBe('1+');
      return fs.list(`${root}/a/b`);
    });
    expect(names).toEqual(['one', 'two']);
    expect(fs.list(`${root}/a/b`)).toEqual(names);
    expect(fs.inDirectory(root, root, () => fs.list(root))).toEqual(['a']);
  });

  test('inDirectory enters only directories, never a link, and names what it refused', () => {
    const { fs, root, symlink } = open();
    fs.makeDirectory(`${root}/d`, 0o755);
    fs.makeDirectory(`${root}/d/e`, 0o755);
    fs.writeNew(`${root}/f`, text(''), 0o644);
    symlink(`${root}/d`, `${root}/l`);
    const never = () => expect.fail('the act ran');
    for (const [from, directory, stray] of [
      [root, 'l', 'l'],
      [root, 'l/e', 'l'],
      [`${root}/l`, 'l/e', 'l'],
      [root, 'f', 'f'],
      [root, 'f/e', 'f'],
    ] as const) {
      const enter = () => fs.inDirectory(from, `${root}/${directory}`, never);
      expect(errnoThrownBy(enter)).toBe('ENOTDIR');
      expect(enter).toThrow(expect.objectContaining({ path: `${root}/${stray}` }));
    }
    expect(errnoThrownBy(() => fs.inDirectory(root, `${root}/none/e`, never))).toBe('ENOENT');
    expect(errnoThrownBy(() => fs.inDirectory(`${root}/no`, `${root}/no/e`, never))).toBe('ENOENT');
    expect(() => fs.inDirectory(`${root}/d`, root, never)).toThrow(RangeError);
    expect(() => fs.inDirectory(`${root}/d`, `${root}/f`, never)).toThrow(RangeError);
  });

  test('inDirectory passes on what the act throws, in terms of the paths that it was given', () => {
    const { fs, root } = open();
    fs.makeDirectory(`${root}/d`, 0o755);
    fs.writeNew(`${root}/f`, text(''), 0o644);
    const enter = (act: () => unknown) => () => fs.inDirectory(root, `${root}/d`, act);
    const own = new Error('own');
    expect(enter(() => expect.fail(own.message))).toThrow('own');
    for (const act of [
      () => fs.read(`${root}/d/none`),
      () => [...fs.readChunks(`${root}/d/none`)],
      () => fs.list(`${root}/d/none`),
      () => fs.unlink(`${root}/d/none`),
      () => fs.changeMode(`${root}/d/none`, 0o600),
      () => fs.sync(`${root}/d/none`),
      () => fs.rename(`${root}/d/none`, `${root}/d/other`),
      () => fs.link(`${root}/d/none`, `${root}/d/other`),
      () => fs.exchange(`${root}/d/none`, `${root}/f`),
    ]) {
      expect(errnoThrownBy(enter(act))).toBe('ENOENT');
      expect(enter(act)).toThrow(expect.objectContaining({ path: `${root}/d/none` }));
      expect(enter(act)).not.toThrow('/proc/');
    }
  });
}
