import { mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDiskFileSystem } from '../../../src/platform/disk/disk.ts';
import { canHoldDirectories } from '../../../src/platform/disk/held-directory.ts';
import { errnoThrownBy } from '../../support/file-system-subject.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { treeOf } from '../../support/tree.ts';

const text = (value: string) => Buffer.from(value);

/** `root/up/in` with a file, and a victim that is about to take the place of `up`. */
function openPlace() {
  const root = temporaryDirectory({
    'up/in/f': 'own',
    'victim/in/f': 'mine',
    'victim/in/d': null,
    staged: 'new',
  });
  const path = (name: string) => join(root, name);
  const swap = () => {
    renameSync(path('up'), path('moved'));
    symlinkSync(path('victim'), path('up'));
  };
  return { root, path, swap };
}

describe.skipIf(!canHoldDirectories())('in a held directory', () => {
  const fs = createDiskFileSystem();

  test('every call reaches what was there, whatever was put in its place meanwhile', () => {
    const { root, path, swap } = openPlace();
    const victim = treeOf(path('victim'));
    fs.inDirectory(root, path('up/in'), () => {
      swap();
      expect(fs.read(path('up/in/f')).toString()).toBe('own');
      expect(Buffer.concat([...fs.readChunks(path('up/in/f'))]).toString()).toBe('own');
      expect(fs.list(path('up/in'))).toEqual(['f']);
      expect(fs.stat(path('up/in/d'))).toBeUndefined();
      fs.exchange(path('staged'), path('up/in/f'));
      fs.append(path('up/in/f'), text('er'));
      fs.truncate(path('up/in/f'), 4);
      fs.changeMode(path('up/in/f'), 0o600);
      fs.link(path('staged'), path('up/in/linked'));
      fs.rename(path('staged'), path('up/in/renamed'));
      fs.makeDirectory(path('up/in/made'), 0o700);
      fs.removeDirectory(path('up/in/made'));
      fs.writeNew(path('up/in/written'), text('w'), 0o644);
      fs.unlink(path('up/in/renamed'));
      fs.sync(path('up/in'));
    });
    expect(treeOf(path('victim'))).toEqual(victim);
    expect(readdirSync(path('moved/in'))).toEqual(['f', 'linked', 'written']);
    expect(fs.read(path('moved/in/f')).toString()).toBe('newe');
  });

  test('an error names the other path as it was given, too', () => {
    const { root, path } = openPlace();
    const rename = () => fs.rename(path('none'), path('up/in/f'));
    expect(() => fs.inDirectory(root, path('up/in'), rename)).toThrow(
      expect.objectContaining({ dest: path('up/in/f') }),
    );
    expect(() => fs.inDirectory(root, path('up/in'), rename)).not.toThrow('/proc/');
  });

  test('no descriptor is left open, however the act ends', () => {
    const { root, path } = openPlace();
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    fs.inDirectory(root, path('up/in'), () => fs.inDirectory(root, path('up'), () => undefined));
    expect(() => fs.inDirectory(root, path('up/in'), () => expect.fail('own'))).toThrow('own');
    expect(errnoThrownBy(() => fs.inDirectory(root, path('up/in/f'), () => undefined))).toBe(
      'ENOTDIR',
    );
    expect(open()).toBe(before);
  });

  test('the directory may be one that only its name can be looked up in', () => {
    const { root, path } = openPlace();
    fs.changeMode(path('up/in'), 0o311);
    fs.inDirectory(root, path('up/in'), () => fs.writeNew(path('up/in/new'), text('x'), 0o644));
    fs.changeMode(path('up/in'), 0o755);
    expect(fs.list(path('up/in'))).toEqual(['f', 'new']);
  });
});

describe('where directories cannot be held', () => {
  const fs = createDiskFileSystem({ holdsDirectories: () => false });

  test.each(['a link', 'another directory', 'nothing'])('%s in their place is noticed', (what) => {
    const { root, path } = openPlace();
    const act = () => {
      renameSync(path('up'), path('moved'));
      if (what === 'a link') symlinkSync(path('victim'), path('up'));
      if (what === 'another directory') mkdirSync(path('up/in'), { recursive: true });
    };
    const enter = () => fs.inDirectory(root, path('up/in'), act);
    const expected = { code: what === 'nothing' ? 'ENOENT' : 'ENOTDIR', path: path('up') };
    expect(enter).toThrow(expect.objectContaining(expected));
  });
});
