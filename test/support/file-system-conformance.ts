import { expect, test } from 'vitest';
import { namingConformance } from './conformance-naming.ts';
import { readingConformance } from './conformance-reading.ts';
import { inDirectoryConformance } from './conformance-in-directory.ts';
import { writingConformance } from './conformance-writing.ts';
import { errnoThrownBy, text, type Subject } from './file-system-subject.ts';

/**
 * What every `FileSystem` must do (the port's comments), run against each implementation.
 * `open` is called once in every test.
 */
export function fileSystemConformance(open: () => Subject): void {
  readingConformance(open);
  writingConformance(open);
  namingConformance(open);
  inDirectoryConformance(open);
  durabilityConformance(open);
}

function durabilityConformance(open: () => Subject): void {
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
