// Starting programs the same way on both sides, and timing them.

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = (name) => fileURLToPath(new URL(`../bin/${name}.js`, import.meta.url));
const peakReporter = new URL('./report-peak.mjs', import.meta.url);

/** One process to start. `npx` and shells are left out on both sides. */
export const program = (file, args, options = {}) => ({ file, args, ...options });

export const node = (args, options) => program(process.execPath, args, options);

/** A program of this package, by its launcher, as the package manager would start it. */
export const ours = (name, args, options) => node([bin(name), ...args], options);

/**
 * What children see. Certificates make every node start 2.8 times slower, a user's git settings
 * can do anything, and a cache of compiled code must not be somebody else's.
 */
function childEnvironment(directory) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(NODE_|GIT_|IDENTITY_|npm_|XDG_CONFIG_HOME$)/i.test(name),
    ),
  );
  return { ...env, HOME: directory, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
}

/** Runs commands in `directory`, whose children also have it as their home directory. */
export function createRunner(directory) {
  const env = childEnvironment(directory);

  function run({ file, args, cwd = directory, stdin = 'ignore', more = {} }) {
    const child = spawnSync(file, args, {
      cwd,
      env: { ...env, ...more },
      stdio: [stdin, 'ignore', 'pipe'],
      maxBuffer: 1 << 26,
    });
    if (child.error) throw child.error;
    if (child.status === 0) return;
    const why = child.stderr.toString().trim();
    throw new CommandError(`${[file, ...args].join(' ')}: ${why || `exit ${child.status}`}`);
  }

  return {
    /** For a program that goes on running: how `spawn` starts it as all the others are started. */
    children: { cwd: directory, env },

    run: (...commands) => commands.forEach((command) => run(command)),

    /** Milliseconds that the commands take one after the other, with nothing left to flush before. */
    time(...commands) {
      spawnSync('sync');
      const began = process.hrtime.bigint();
      for (const command of commands) run(command);
      return Number(process.hrtime.bigint() - began) / 1e6;
    },

    /** Peak memory in MB of one node program, without the processes that it starts. */
    peakMemory(command) {
      const report = join(directory, 'peak-memory');
      run({
        ...command,
        args: ['--import', peakReporter.href, ...command.args],
        more: { BENCH_PEAK_FILE: report },
      });
      const kilobytes = Number(readFileSync(report, 'utf8'));
      rmSync(report);
      return kilobytes / 1000;
    },
  };
}

/** A program ended with another exit code than 0. */
export class CommandError extends Error {}

export function isInstalled(file) {
  return spawnSync(file, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** The first line of what a tool says of its version, down to the numbers. */
export function versionOf(file) {
  const { error, stdout } = spawnSync(file, ['--version']);
  return error === undefined ? (/\d+(\.\d+)+/.exec(stdout.toString())?.[0] ?? '?') : 'missing';
}
