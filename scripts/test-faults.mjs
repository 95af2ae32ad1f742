// `npm run test:faults`: every point of every fault sweep, and the figures they came to.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readJsonSync, removeSync } from 'fs-extra/esm';

const usage = `npm run test:faults -- [options] [part of a file name...]
  --write         write the figures to docs/reliability.md; those of sweeps that were not run stay,
                  unless all were to be run
  --only <words>  run only the tests whose names fit this regular expression
`;

const document = fileURLToPath(new URL('../docs/reliability.md', import.meta.url));
const [begin, end] = ['<!-- figures: npm run test:faults -- --write -->', '<!-- /figures -->'];
const columns = ['points', 'old', 'new', 'recovered', 'mixed', 'lost'];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (options.help) console.log(usage);
else process.exitCode = sweep();

function sweep() {
  const figures = mkdtempSync(join(tmpdir(), 'identity-figures-'));
  try {
    const filters = positionals.length > 0 ? positionals : ['test/faults'];
    const named = options.only === undefined ? [] : ['--testNamePattern', options.only];
    // A part of a name may fit other tests, too.
    const projects = ['--project', 'sweeps', '--project', 'sweeps-of-programs'];
    const { status } = spawnSync('npx', ['vitest', 'run', ...projects, ...named, ...filters], {
      stdio: 'inherit',
      env: { ...process.env, IDENTITY_SWEEP: 'full', IDENTITY_FIGURES: figures },
    });
    const rows = readFigures(figures).map(rowOf);
    console.log(tableOf(rows));
    const isPartial = positionals.length > 0 || named.length > 0;
    if (status === 0 && options.write) writeTable(isPartial ? withKnown(rows) : rows);
    return status ?? 1;
  } finally {
    removeSync(figures);
  }
}

function readFigures(directory) {
  return readdirSync(directory)
    .sort()
    .map((name) => readJsonSync(join(directory, name)));
}

function line(cells) {
  return `| ${cells.join(' | ')} |`;
}

function rowOf(figures) {
  return line(['sweep', ...columns].map((column) => figures[column]));
}

function tableOf(rows) {
  const head = [line(['sweep', ...columns]), line(['---', ...columns.map(() => '---:')])];
  return [...head, ...rows].join('\n');
}

/** The rows that the document has, with these in the place of the same sweeps. */
function withKnown(rows) {
  const sweepOf = (row) => row.split(' | ', 1)[0];
  const known = tableInDocument().trim().split('\n').slice(2);
  const all = new Map([...known, ...rows].map((row) => [sweepOf(row), row]));
  return [...all].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);
}

function tableInDocument() {
  const text = readFileSync(document, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no place for the figures`);
  return text.slice(from + begin.length, to);
}

function writeTable(rows) {
  const text = readFileSync(document, 'utf8');
  writeFileSync(
    document,
    text.replace(tableInDocument(), () => `\n\n${tableOf(rows)}\n\n`),
  );
}
