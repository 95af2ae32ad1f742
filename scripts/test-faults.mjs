// `npm run test:faults`: every point of every fault sweep, and the figures they came to.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const usage = `npm run test:faults -- [options] [part of a file name...]
  --write   write the figures to docs/reliability.md (only after a run of all sweeps)
`;

const document = fileURLToPath(new URL('../docs/reliability.md', import.meta.url));
const [begin, end] = ['<!-- figures: npm run test:faults -- --write -->', '<!-- /figures -->'];
const columns = ['points', 'old', 'new', 'recovered', 'mixed', 'lost'];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (options.help) console.log(usage);
else process.exitCode = sweep();

function sweep() {
  const figures = mkdtempSync(join(tmpdir(), 'identity-figures-'));
  try {
    const filters = positionals.length > 0 ? positionals : ['test/faults'];
    const { status } = spawnSync('npx', ['vitest', 'run', ...filters], {
      stdio: 'inherit',
      env: { ...process.env, IDENTITY_SWEEP: 'full', IDENTITY_FIGURES: figures },
    });
    const table = tableOf(readFigures(figures));
    console.log(table);
    if (status === 0 && options.write) writeTable(table);
    return status ?? 1;
  } finally {
    rmSync(figures, { recursive: true, force: true });
  }
}

function readFigures(directory) {
  return readdirSync(directory)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
}

function tableOf(rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(['sweep', ...columns]),
    line(['---', ...columns.map(() => '---:')]),
    ...rows.map((row) => line([row.sweep, ...columns.map((column) => row[column])])),
  ].join('\n');
}

function writeTable(table) {
  const text = readFileSync(document, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no place for the figures`);
  writeFileSync(document, `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`);
}
