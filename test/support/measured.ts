import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profiler } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import type { Program, Ran } from './program.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface Measured extends Ran {
  /** How often the program came to any part of itself: its effort, on whatever machine. */
  readonly steps: number;
  /** The peak of the program and of every process that it started, each by itself. */
  readonly peakBytes: Readonly<Record<string, number>>;
}

/** Peak memory is read from `/proc`. */
export const canMeasure = process.platform === 'linux';

/**
 * Runs a built program and watches it and its children: the kernel's own mark of the most memory
 * that each had, looked at so often that only what ends within a few milliseconds is missed.
 */
export async function measure(
  { directory }: { readonly directory: string },
  program: Program,
  ...args: string[]
): Promise<Measured> {
  const file = fileURLToPath(new URL(`../../bin/${program}.js`, import.meta.url));
  const coverage = temporaryDirectory();
  const child = spawn(process.execPath, [file, ...args], {
    cwd: directory,
    env: {
      PATH: process.env['PATH'],
      HOME: directory,
      LC_ALL: 'C',
      NO_COLOR: '1',
      NODE_V8_COVERAGE: coverage,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Only for what hangs: it shows as status null.
    timeout: 600_000,
    killSignal: 'SIGKILL',
  });
  const peaks: Record<string, number> = {};
  const { pid } = child;
  const watching = setInterval(() => {
    if (pid !== undefined) watch(pid, peaks);
  }, 5);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (said.stderr += String(chunk)));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watching);
  return { status, ...said, steps: stepsIn(coverage), peakBytes: peaks };
}

/** What node wrote at the end of a program about how often each part of it was come to. */
function stepsIn(coverage: string): number {
  let steps = 0;
  for (const name of readdirSync(coverage)) {
    const { result } = JSON.parse(
      readFileSync(join(coverage, name), 'utf8'),
    ) as Profiler.TakePreciseCoverageReturnType;
    for (const { functions } of result) {
      for (const { ranges } of functions) for (const { count } of ranges) steps += count;
    }
  }
  return steps;
}

/** Notes the peak of a process and of all below it, by name. */
function watch(pid: number, peaks: Record<string, number>): void {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const name = /^Name:\s*(.*)$/m.exec(status)?.[1] ?? '';
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const command = words.find((word, at) => at > 0 && /^[a-z]+(-[a-z]+)*$/.test(word));
    const kilobytes = Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0);
    const key = name.startsWith('git') ? `${name} ${command ?? ''}` : name;
    peaks[key] = Math.max(peaks[key] ?? 0, kilobytes * 1024);
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
      for (const child of children.split(' ').filter(Boolean)) watch(Number(child), peaks);
    }
  } catch {
    // It ended while we looked.
  }
}
