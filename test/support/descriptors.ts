import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** Whether this machine can lower the limit of a process that runs. */
export const canLimitDescriptors = spawnSync('prlimit', ['--version']).status === 0;

/** Does the work while this process may open no more files. */
export async function withoutDescriptors(work: () => unknown): Promise<void> {
  const own = ['--pid', String(process.pid)];
  const shown = spawnSync('prlimit', [...own, '--nofile', '--noheadings', '--output', 'SOFT']);
  const limit = shown.stdout.toString().trim();
  const opened = [openSync('/dev/null', 'r')];
  const lowered = (opened[0] ?? 0) + 64;
  spawnSync('prlimit', [...own, `--nofile=${lowered}:`]);
  try {
    for (let tried = 0; tried < 256; tried += 1) opened.push(openSync('/dev/null', 'r'));
  } catch {
    await work();
  } finally {
    opened.forEach(closeSync);
    spawnSync('prlimit', [...own, `--nofile=${limit}:`]);
  }
}
