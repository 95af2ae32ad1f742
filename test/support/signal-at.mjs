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
const forWriting = constants.O_WRONLY | constants.O_RDWR;
let calls = 0;
let isDone = false;
let isNoting = false;

function note(name, args) {
  // Opened for reading, a file stays as it is.
  if (name === 'openSync' && (Number(args[1]) & forWriting) === 0) return;
  calls += 1;
  const call = `${name} ${typeof args[0] === 'string' ? args[0] : ''}`;
  if (log !== undefined) {
    isNoting = true;
    appendFileSync(log, `${call}\n`);
    isNoting = false;
  }
  const isHere = /^\d+$/.test(at) ? calls === Number(at) : at !== '' && new RegExp(at).test(call);
  if (isDone || !isHere) return;
  isDone = true;
  process.kill(process.pid, signal);
}

function watch(holder, name) {
  const original = holder[name];
  holder[name] = (...args) => {
    if (!isNoting) note(name, args);
    return original(...args);
  };
}

for (const name of changing) watch(fs, name);
watch(childProcess, 'spawn');
syncBuiltinESMExports();
