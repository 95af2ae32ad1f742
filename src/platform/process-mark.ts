import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from '../core/errors.ts';
import type { ProcessMark } from './git.ts';

/** The mark of a running process, to recognise it after our own process has died. */
export function markProcess(pid: number): ProcessMark {
  return { pid, birth: birthOf(pid) };
}

/**
 * When the process began, in a form that only this machine understands; undefined if it is gone (or
 * a zombie), and always on Windows, where orphans are therefore left alone.
 */
export function birthOf(pid: number): string | undefined {
  if (process.platform === 'linux') return birthOnLinux(pid);
  if (process.platform === 'win32') return undefined;
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', pid.toString()], {
      encoding: 'utf8',
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return started.trim() || undefined;
  } catch (error) {
    // ps exits with 1 when there is no such process.
    if (error instanceof Error && 'status' in error && error.status === 1) return undefined;
    throw error;
  }
}

function birthOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name may hold spaces and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot}:${fields[19] ?? ''}`;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

/**
 * Asks a process group to end, and kills it after two seconds. Does nothing if the pid belongs to
 * another process by now.
 * @returns whether there was something to end
 */
export async function endProcess(mark: ProcessMark): Promise<boolean> {
  if (mark.birth === undefined || birthOf(mark.pid) !== mark.birth) return false;
  signalGroup(mark.pid, 'SIGTERM');
  for (let waited = 0; waited < 4_000; waited += 20) {
    if (birthOf(mark.pid) !== mark.birth) return true;
    if (waited === 2_000) signalGroup(mark.pid, 'SIGKILL');
    await sleep(20);
  }
  return true;
}

/** Signals a child and what it started; a group that is already gone is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}
