import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isFileSystemRoot, isInside } from '../../src/core/containment.ts';

describe('the root of a file system', () => {
  it.each(['C:\\', 'c:/', 'C:', '\\', '\\\\server\\share', '\\\\server\\share\\', '\\\\?\\C:\\'])(
    'is %s on Windows',
    (path) => expect(isFileSystemRoot(path, win32)).toBe(true),
  );

  it.each(['C:\\x', 'C:\\x\\', 'c:/x', '\\\\server\\share\\x'])('is not %s on Windows', (path) =>
    expect(isFileSystemRoot(path, win32)).toBe(false),
  );

  it('is / elsewhere, and nothing below it', () => {
    expect(isFileSystemRoot('/', posix)).toBe(true);
    for (const path of ['/x', '/C:', '/mnt/c']) expect(isFileSystemRoot(path, posix)).toBe(false);
  });
});

describe('inside', () => {
  it.each([
    ['/a', '/a', true],
    ['/a/b', '/a', true],
    ['/a/..b', '/a', true],
    ['/ab', '/a', false],
    ['/a', '/a/b', false],
    ['/', '/a', false],
  ])('%s of %s: %s', (path, directory, expected) => {
    expect(isInside(path, directory)).toBe(expected);
  });
});
