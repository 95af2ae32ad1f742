import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startGit } from '../../../src/platform/git/process.ts';

/** Does the work while this process may open no more files. */
function withoutDescriptors(work: () => void): void {
  const own = ['--pid', String(process.pid)];
  const shown = spawnSync('prlimit', [...own, '--nofile', '--noheadings', '--output', 'SOFT']);
  const limit = shown.stdout.toString().trim();
  const opened = [openSync('/dev/null', 'r')];
  const lowered = (opened[0] ?? 0) + 64;
  spawnSync('prlimit', [...own, `--nofile=${lowered}:`]);
  try {
    for (let tried = 0; tried < 256; tried += 1) opened.push(openSync('/dev/null', 'r'));
  } catch {
    work();
  } finally {
    opened.forEach(closeSync);
    spawnSync('prlimit', [...own, `--nofile=${limit}:`]);
  }
}

const hasLimits = spawnSync('prlimit', ['--version']).status === 0;

test.runIf(hasLimits)('a git for which no more files may be opened is refused, no defect', () => {
  const failed: unknown[] = [];
  withoutDescriptors(() => {
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
});
