import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a program and everything that it started asked of the system. */
export interface Trace {
  /** Each program that was started, with its arguments, in order. */
  readonly started: readonly (readonly string[])[];
  /** Each address of the internet that was connected or sent to: `127.0.0.1:8080`. */
  readonly reached: readonly string[];
}

const calls = 'execve,execveat,connect,sendto,sendmsg,sendmmsg';

/** Whether programs can be traced here; sandboxes forbid it to some. */
export const canTrace =
  spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], { stdio: 'ignore' }).status === 0;

/** @returns what to run a program under, and what reads the trace afterwards */
export function openTracer(directory: string): {
  readonly under: readonly string[];
  readonly read: () => Trace;
} {
  const file = join(directory, 'trace');
  return {
    under: ['strace', '-f', '-qq', '-s', '4096', '-v', '-e', `trace=${calls}`, '-o', file],
    read: () => parse(existsSync(file) ? readFileSync(file, 'utf8') : ''),
  };
}

function parse(text: string): Trace {
  const started: string[][] = [];
  const reached: string[] = [];
  for (const line of text.split('\n')) {
    const words = /\bexecve(?:at)?\((?:[^"[]*)"(?:[^"\\]|\\.)*", (\[.*?\]), \[/.exec(line)?.[1];
    // A line that was cut by another process does not say how it ended: it counts as started.
    if (words !== undefined && !/ = -1 E[A-Z]+/.test(line)) {
      started.push([...words.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => word));
    }
    if (!/sa_family=AF_INET6?\b/.test(line)) continue;
    const port = /sin6?_port=htons\((\d+)\)/.exec(line)?.[1] ?? '?';
    const host = /inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"/.exec(line)?.[1] ?? '?';
    reached.push(`${host}:${port}`);
  }
  return { started, reached };
}
