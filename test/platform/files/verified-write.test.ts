import { expect, test } from 'vitest';
import { appendVerified, writeVerified } from '../../../src/platform/files/verified-write.ts';
import { createFailingFileSystem } from '../../support/failing-file-system.ts';
import { createMemoryFileSystem } from '../../support/memory-file-system.ts';

const bytes = Buffer.from('some bytes');

test('what was written is there, at the end of what was there before', () => {
  const fs = createMemoryFileSystem({ '/d/old': 'old ' });
  writeVerified(fs, '/d/new', bytes, 0o600);
  appendVerified(fs, '/d/old', bytes, 4);
  expect(fs.read('/d/new').toString()).toBe('some bytes');
  expect(fs.read('/d/old').toString()).toBe('old some bytes');
});

test('a write that reports success after half of the bytes is found out', () => {
  const half = () =>
    createFailingFileSystem(createMemoryFileSystem({ '/d/old': 'old ' }), {
      fault: { kind: 'silent', at: 1 },
    });
  const found = expect.objectContaining({ code: 'EIO' }) as unknown;
  expect(() => writeVerified(half(), '/d/new', bytes, 0o600)).toThrow(found);
  expect(() => appendVerified(half(), '/d/old', bytes, 4)).toThrow(found);
});
