import { expect, test } from 'vitest';
import { errnoThrownBy, text, type Subject } from './file-system-subject.ts';

export function writingConformance(open: () => Subject): void {
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
