import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runUnder, type Program, type Ran } from './program.ts';

export interface Kill {
  /** The how manieth system call that changes something, from 1. */
  readonly at: number;
  readonly when: 'before' | 'after';
}

export interface Traced extends Ran {
  /** `<name> <path>` of each system call so far that changes something below the directory. */
  readonly calls: readonly string[];
  readonly killed: boolean;
}

/** Runs built programs and kills them at a system call, by ptrace(2). */
export interface Killer {
  /** Without a kill, the program runs to its end. */
  run(below: string, kill: Kill | undefined, program: Program, ...args: string[]): Traced;
}

/**
 * A killer in this directory, or why there can be none here: it takes Linux, a C compiler, and the
 * right to trace a child.
 */
export function makeKiller(directory: string): Killer | { readonly reason: string } {
  if (process.platform !== 'linux') return { reason: 'ptrace as it is used here is for Linux' };
  const source = fileURLToPath(new URL('kill-at.c', import.meta.url));
  const killAt = join(directory, 'kill-at');
  const log = join(directory, 'calls');
  try {
    execFileSync('cc', ['-O1', '-o', killAt, source], { stdio: 'pipe' });
    const probe = join(directory, 'probe');
    execFileSync(killAt, [directory, '0', 'before', log, 'mkdir', probe], { stdio: 'pipe' });
    if (!readFileSync(log, 'utf8').includes(probe)) {
      return { reason: 'this kernel does not tell a tracer about system calls' };
    }
  } catch (error) {
    return {
      reason: (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '',
    };
  }
  return {
    run(below, kill, program, ...args) {
      const { at, when } = kill ?? { at: 0, when: 'before' };
      const ran = runUnder([killAt, below, String(at), when, log], program, ...args);
      const calls = readFileSync(log, 'utf8').split('\n').slice(0, -1);
      // 128 + SIGKILL, as a shell says it.
      return { ...ran, calls, killed: ran.status === 137 };
    },
  };
}
