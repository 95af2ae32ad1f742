import { expect, test } from 'vitest';
import { errnoOf } from '../../../src/core/errors.ts';
import {
  mutatingCalls,
  type FileSystem,
  type Mutation,
} from '../../../src/platform/file-system.ts';
import { confinedTo, readOnly } from '../../../src/platform/files/read-only.ts';
import { createMemoryFileSystem, type MemoryFileSystem } from '../../support/memory-file-system.ts';

/** One call of each kind that would succeed below the given directory. */
const attempts: Record<Mutation, (fs: FileSystem, at: string) => void> = {
  makeDirectory: (fs, at) => fs.makeDirectory(`${at}/new`, 0o755),
  writeNew: (fs, at) => fs.writeNew(`${at}/new`, Buffer.from('x'), 0o644),
  append: (fs, at) => fs.append(`${at}/file`, Buffer.from('x')),
  truncate: (fs, at) => fs.truncate(`${at}/file`, 0),
  rename: (fs, at) => fs.rename(`${at}/file`, `${at}/other`),
  link: (fs, at) => fs.link(`${at}/file`, `${at}/new`),
  exchange: (fs, at) => fs.exchange(`${at}/file`, `${at}/other`),
  unlink: (fs, at) => fs.unlink(`${at}/file`),
  removeDirectory: (fs, at) => fs.removeDirectory(`${at}/empty`),
  changeMode: (fs, at) => fs.changeMode(`${at}/file`, 0o600),
};

function populated(): MemoryFileSystem {
  const seed = Object.fromEntries(
    ['/in', '/in-between', '/out'].flatMap((at) => [
      [`${at}/file`, 'mine'],
      [`${at}/other`, 'other'],
      [`${at}/empty`, null],
    ]),
  );
  return createMemoryFileSystem(seed);
}

/** Everything that is there, for comparison before and after. */
function picture(fs: MemoryFileSystem): string {
  const paths = fs.raw.readdirSync('/', { recursive: true, encoding: 'utf8' }).sort();
  return paths
    .map((path) => {
      const stat = fs.stat(`/${path}`);
      const content = stat?.kind === 'file' ? fs.read(`/${path}`).toString() : '';
      return `${path} ${stat?.mode.toString(8) ?? ''} ${stat?.inode ?? ''} ${content}`;
    })
    .join('\n');
}

test.each(mutatingCalls)('read-only: %s is a defect and does nothing', (call) => {
  const fs = populated();
  const before = picture(fs);
  expect(() => attempts[call](readOnly(fs), '/in')).toThrow(
    expect.objectContaining({ code: 'E_BUG', message: expect.stringContaining('tried to write') }),
  );
  expect(picture(fs)).toBe(before);
});

test('read-only: reading goes through', async () => {
  const fs = readOnly(populated());
  expect(fs.read('/in/file').toString()).toBe('mine');
  expect(fs.list('/in')).toEqual(['empty', 'file', 'other']);
  await fs.barrier(['/in']);
});

test.each(mutatingCalls)('confined: %s is done inside', (call) => {
  const fs = populated();
  const before = picture(fs);
  attempts[call](confinedTo(fs, ['/in']), '/in');
  expect(picture(fs)).not.toBe(before);
});

test.each(
  mutatingCalls.flatMap((call) => [`${call} /out`, `${call} /in-between`, `${call} /in/../out`]),
)('confined: %s is refused and does nothing', (name) => {
  const [call, at] = name.split(' ') as [Mutation, string];
  const fs = populated();
  const before = picture(fs);
  expect(() => attempts[call](confinedTo(fs, ['/in']), at)).toThrow(
    expect.objectContaining({ code: 'E_BUG' }),
  );
  expect(picture(fs)).toBe(before);
});

test.each(['rename', 'link', 'exchange'] as const)(
  'confined: %s needs both paths inside',
  (call) => {
    const fs = populated();
    const before = picture(fs);
    const confined = confinedTo(fs, ['/in']);
    expect(() => confined[call]('/in/file', '/out/other')).toThrow('/out/other');
    expect(() => confined[call]('/out/file', '/in/other')).toThrow('/out/file');
    expect(picture(fs)).toBe(before);
  },
);

test('confined: several roots, the root itself and the operating system’s own errors', () => {
  const fs = populated();
  const confined = confinedTo(fs, ['/in', '/out']);
  confined.rename('/in/file', '/out/moved');
  confined.changeMode('/in', 0o711);
  expect(fs.stat('/in')?.mode).toBe(0o711);
  let code: unknown;
  try {
    confined.unlink('/in/none');
  } catch (error) {
    code = errnoOf(error);
  }
  expect(code).toBe('ENOENT');
});

test.each(['in', '/in/../out', '', '/in/.'])('confined: %j is not a valid root', (root) => {
  expect(() => confinedTo(populated(), [root])).toThrow(expect.objectContaining({ code: 'E_BUG' }));
});
