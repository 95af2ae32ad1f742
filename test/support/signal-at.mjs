// Loaded into a program of ours by `node --import`: writes down its calls that change a file or start
// a program, and, right before one of them, sends the process a signal. So a test reaches a moment by
// what has happened until then, and not by how long that took.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { SIGNAL_AT: at = '', SIGNAL: signal, SIGNAL_LOG: log } = process.env;
const changing = [
  ...[
    'chmodSync',
    'copyFileSync',
    'fchmodSync',
    'fsync',
    'fsyncSync',
    'ftruncateSync',
    'futimesSync',
  ],
  ...['linkSync', 'lutimesSync', 'mkdirSync', 'openSync', 'renameSync', 'rmSync', 'rmdirSync'],
  ...['symlinkSync', 'unlinkSync', 'utimesSync', 'writeFileSync', 'writeSync'],
];
const { appendFileSync, constants } = fs;
let calls = 0;
let isDone = false;

function note(name, args) {
  // Opened for reading, a file stays as it is.
  if (name === 'openSync' && ((args[1] ?? 0) & constants.O_ACCMODE) === 0) return;
  calls += 1;
  const call = `${name} ${typeof args[0] === 'string' ? args[0] : ''}`;
  if (log !== undefined) appendFileSync(log, `${call}\n`);
  const isHere = /^\d+$/.test(at) ? calls === Number(at) : at !== '' && new RegExp(at).test(call);
  if (isDone || !isHere) return;
  isDone = true;
  process.kill(process.pid, signal);
}

function watch(holder, name) {
  const original = holder[name];
  holder[name] = (...args) => {
    note(name, args);
    return original(...args);
  };
}

for (const name of changing) watch(fs, name);
watch(childProcess, 'spawn');
syncBuiltinESMExports();
