import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How the n-th git of a run fails, as shell text; `"$git" "$@"` is what was asked for. */
export const gitFailures = {
  'says no': 'exit 1',
  'says no and why': 'echo "fatal: it is broken" >&2; exit 128',
  'is killed': 'kill -KILL $$',
  'is killed when its work is done': '"$git" "$@"; kill -KILL $$',
  'fails when its work is done': '"$git" "$@"; exit 1',
  'finds the disk full': 'echo "fatal: write error: No space left on device" >&2; exit 128',
  // Larger files cannot be written: what a quota does, and needs no file system of its own.
  'may not write': 'trap "" XFSZ; ulimit -f 0; exec "$git" "$@"',
} as const;

export type GitFailure = keyof typeof gitFailures;

export interface FailingGit {
  /** To be the `PATH`. */
  readonly path: string;
  /** Lets the n-th git from now on fail, from 1; none when left out. */
  readonly arm: (failure?: GitFailure, at?: number) => void;
  /** How many were started since. */
  readonly count: () => number;
}

/** A directory with a `git` in it that counts, and fails when it is told to. */
export function makeFailingGit(directory: string): FailingGit {
  const PATH = process.env['PATH'] ?? '';
  const real = execFileSync('sh', ['-c', 'command -v git'], { env: { PATH } }).toString().trim();
  const program = join(directory, 'git');
  const counter = join(directory, 'count');
  return {
    path: `${directory}:${PATH}`,
    arm(failure, at = 0) {
      rmSync(counter, { force: true });
      const act = failure === undefined ? ':' : gitFailures[failure];
      const script = [
        '#!/bin/sh',
        `git='${real}'`,
        `echo >> '${counter}'`,
        `if [ "$(wc -l < '${counter}')" -eq ${at} ]; then ${act}; fi`,
        'exec "$git" "$@"',
      ];
      writeFileSync(program, `${script.join('\n')}\n`);
      chmodSync(program, 0o755);
    },
    count: () => (existsSync(counter) ? readFileSync(counter).length : 0),
  };
}
