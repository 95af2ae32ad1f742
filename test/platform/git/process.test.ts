import { expect, test } from 'vitest';
import { startGit } from '../../../src/platform/git/process.ts';
import { canLimitDescriptors, withoutDescriptors } from '../../support/descriptors.ts';

test.runIf(canLimitDescriptors)(
  'a git for which no more files may be opened is refused, no defect',
  async () => {
    const failed: unknown[] = [];
    await withoutDescriptors(() => {
      try {
        startGit({
          args: ['version'],
          variables: { PATH: process.env['PATH'] ?? '' },
          where: 'here',
        });
      } catch (error) {
        failed.push(error);
      }
    });
    expect(failed).toEqual([expect.objectContaining({ code: 'EMFILE', syscall: 'spawn' })]);
  },
);
