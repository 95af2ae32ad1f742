// `npm run check [-- --report file]`: everything that is asked of a commit besides its tests. Two
// steps at a time; what one has to say is printed when it is through.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Each is a script of package.json. `publint` packs, which builds what `knip` must find there. */
const lanes = [
  ['lint', 'format:check'],
  ['typecheck', 'reliability', 'knip', 'publint'],
];

const { values } = parseArgs({ options: { report: { type: 'string' } } });
const passed = [];
const failed = [];

await Promise.all(
  lanes.map(async (steps) => {
    for (const step of steps) await take(step);
  }),
);
if (values.report !== undefined) {
  writeFileSync(values.report, JSON.stringify({ passed, failed }));
}
if (failed.length > 0) process.exitCode = 1;

async function take(step) {
  const began = performance.now();
  const { status, text } = await run('npm', ['run', '--silent', step]);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  (status === 0 ? passed : failed).push(step);
  console.log(`${status === 0 ? 'passed' : 'FAILED'}: npm run ${step} (${seconds} s)`);
  if (status !== 0) console.log(text.trimEnd());
}

function run(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: 1, text: String(error) }));
    child.on('close', (status) => resolve({ status, text }));
  });
}
