// `npm run bench`: what our commands take beside what a user would do instead, as ratios.

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readJsonSync } from 'fs-extra/esm';
import { CommandError, createRunner, isInstalled, node, ours, versionOf } from './commands.mjs';
import { listTimes } from './discovery.mjs';
import { discoverySection, documentOf, replaceSection, tableOf } from './report.mjs';
import { ourCommands, runRound, steps } from './rounds.mjs';
import { bundledSource, generateSource } from './sources.mjs';

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const bundle = fromHere('../../shared/data/protocol-data.bundle');
const report = fromHere('../docs/benchmarks.md');
const realPackFiles = 57;

const usage = `npm run bench -- [options]
  --quick      57 and 1,000 files, 3 rounds (under two minutes)
  --large      peak memory at 100,000 files, too
  --discovery  only how identities are listed (under a minute)
  --rounds <n> rounds of every comparison
  --in <dir>   where to work; default: the system's temporary directory
  --write      write the table and its explanation to docs/benchmarks.md
`;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    discovery: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    in: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (options.help) console.log(usage);
else await bench();

async function bench() {
  const rounds = Number(options.rounds ?? (options.quick ? 3 : 5));
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new RangeError(`no number: --rounds`);
  execFileSync(process.execPath, [fromHere('../scripts/build.mjs')], { stdio: 'ignore' });
  const directory = mkdtempSync(join(realpathSync(options.in), 'identity-bench-'));
  try {
    const runner = createRunner(directory);
    say('listing identities');
    const listing = await listTimes(runner, directory, rounds * 3);
    if (options.discovery) {
      const section = discoverySection({ listing, tools: tools() });
      console.log(section);
      if (options.write) {
        writeFileSync(report, replaceSection(readFileSync(report, 'utf8'), section));
      }
      return;
    }
    const result = { ...measure(runner, directory, rounds), listing, tools: tools() };
    console.log(`${tableOf(result)}\n\n${discoverySection(result)}`);
    if (options.write) writeFileSync(report, documentOf(result));
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

function measure(runner, directory, rounds) {
  const rsync = isInstalled('rsync');
  const sizes = options.quick ? [realPackFiles, 1000] : [realPackFiles, 1000, 10_000];
  const lives = sizes.map((files) => {
    const source = sourceOf(runner, directory, files);
    const samples = [];
    for (let round = 0; round < rounds; round += 1) {
      say(`${source.files} files, round ${round + 1} of ${rounds}`);
      const place = join(directory, `life-${files}-${round}`);
      samples.push(runRound(runner, source, { place, rsync, check: round === 0 }));
    }
    return { source, samples };
  });
  const memorySizes = [...sizes.slice(-1), ...(options.large ? [100_000] : [])];
  const memory = memorySizes.map((files) => {
    const source = lives.find((life) => life.source.files === files)?.source;
    say(`peak memory at ${files} files`);
    return peakMemory(runner, directory, source ?? generateSource(runner, directory, files));
  });
  return {
    rounds,
    lives,
    starts: startTimes(runner, rounds * 5),
    memory,
  };
}

/** What was measured with, and how busy the machine was. */
function tools() {
  return {
    node: process.versions.node,
    git: versionOf('git'),
    rsync: versionOf('rsync'),
    tar: versionOf('tar'),
    ls: versionOf('ls'),
    platform: process.platform,
    cores: availableParallelism(),
    load: loadavg()[1],
    version: readJsonSync(fromHere('../package.json')).version,
  };
}

function sourceOf(runner, directory, files) {
  if (files === realPackFiles && existsSync(bundle)) {
    return bundledSource(runner, directory, bundle);
  }
  return generateSource(runner, directory, files);
}

/** @returns {{ version: number[][], help: number[][] }} pairs of ours and `node -e 0` */
function startTimes(runner, samples) {
  say('starts');
  const nothing = node(['-e', '0']);
  const pairs = (command) =>
    Array.from({ length: samples }, () => [runner.time(command), runner.time(nothing)]);
  return {
    version: pairs(ours('identity-install', ['--version'])),
    help: pairs(ours('identity-install', ['--help'])),
  };
}

function peakMemory(runner, directory, source) {
  const commands = ourCommands(source, join(directory, `memory-${source.files}`));
  const peaks = [];
  try {
    for (const { key, ours: name } of steps) {
      peaks.push({ name, megabytes: runner.peakMemory(commands[key]) });
    }
  } catch (error) {
    // A pack may be larger than what is taken; then that is the result.
    if (!(error instanceof CommandError)) throw error;
    const [code] = /E_[A-Z_]+/.exec(error.message) ?? ['failed'];
    peaks.push({ name: steps[peaks.length].ours, refused: code });
  }
  return { files: source.files, peaks };
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
