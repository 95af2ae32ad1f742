// The table, and docs/benchmarks.md around it.

import { listings } from './discovery.mjs';
import { steps } from './rounds.mjs';

const startGoals = { version: 1.5, help: 3 };
const memoryGoals = { 10000: 120, 100000: 250 };

/** Markdown; every number is our time divided by theirs, or MB. */
export function tableOf({ lives, starts, memory }) {
  const rows = [
    ...lives.flatMap(({ source, samples }) =>
      steps.map(({ key, ours, theirs, goal }) => [
        `${ours}, ${count(source.files)} files`,
        theirs,
        ...ratioCells(samples.map((sample) => [sample[key].ours, sample[key].theirs])),
        source.files === 10_000 ? `≤ ${goal}` : '',
      ]),
    ),
    ...Object.entries(starts).map(([name, pairs]) => [
      `\`--${name}\``,
      '`node -e 0`',
      ...ratioCells(pairs),
      `≤ ${startGoals[name]}`,
    ]),
    ...memory.flatMap(({ files, peaks }) =>
      peaks.map(({ name, megabytes, refused }) => [
        `peak memory: ${name}, ${count(files)} files`,
        '',
        refused === undefined ? `${Math.round(megabytes)} MB` : `refused: ${refused}`,
        '',
        files in memoryGoals ? `≤ ${memoryGoals[files]} MB` : '',
      ]),
    ),
  ];
  return markdown(['ours', 'beside', 'ratio', 'range', 'goal'], rows);
}

const discoveryTitle = '## Finding identities';

/** How identities are listed: a part of the document that can be measured and written by itself. */
export function discoverySection({ listing, tools }) {
  const rows = listings.map(({ key, ours, goal }) => [
    ours,
    '`ls -R`',
    ...ratioCells(listing[key]),
    goal === undefined ? '' : `≤ ${goal}`,
  ]);
  return `${discoveryTitle}

1,000 identities in 50 roots, each with a catalog of 20, beside \`ls -R\` of the same roots. The packs
hold only the four files that every pack needs: \`ls -R\` reads the name of every file, so every
additional file would be in our favour.

${markdown(['ours', 'beside', 'ratio', 'range', 'goal'], rows)}

- Asked again: the state of every path that the first answer depends on is checked, and the packs of
  the answer are noted, so that the server can tell when they change.
- With \`forceReload\`: every catalog is also read and parsed again. Parsing YAML is half of the time.
- In a process of its own: starting Node and loading our modules is a third. The rest is the same work,
  done by code that the engine runs for the first time and has not compiled yet.

Version ${tools.version} on ${tools.platform} with Node ${tools.node}, ls ${tools.ls}; ${listing.again.length} samples; ${tools.cores} cores
with a load average of ${tools.load.toFixed(1)}. The server gets a request as one line on its standard input, and the time
ends with the last byte of its answer. Half a second passes between two requests, in which the server
checks for changes once more. Its files were left alone for two seconds before the first request,
because the state of younger files is never taken from memory. For both sides, what is on the disk is
in the page cache.
`;
}

/** The document with one of its parts exchanged for a newer one of the same title. */
export function replaceSection(text, section) {
  const [title] = section.split('\n', 1);
  const start = text.indexOf(`${title}\n`);
  if (start < 0) throw new Error(`The document has no part "${title}".`);
  const end = text.indexOf('\n## ', start);
  return text.slice(0, start) + section + (end < 0 ? '' : text.slice(end));
}

/** The ratio of the medians, and the lowest and highest ratio within one round. */
function ratioCells(pairs) {
  const complete = pairs.filter(([, theirs]) => theirs !== undefined);
  if (complete.length === 0) return ['not installed', ''];
  const [mine, theirs] = [0, 1].map((side) => median(complete.map((pair) => pair[side])));
  const each = complete.map(([left, right]) => left / right);
  return [
    `**${(mine / theirs).toFixed(2)}**`,
    `${Math.min(...each).toFixed(2)}–${Math.max(...each).toFixed(2)}`,
  ];
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function markdown(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(['---', '---', '---:', '---:', '---:']), ...rows.map(line)].join('\n');
}

const count = (files) => files.toLocaleString('en-US');

export function documentOf(result) {
  const { tools, rounds, lives } = result;
  const real = lives.some(({ source }) => source.name === 'real pack');
  return `# Benchmarks

Written by \`npm run bench -- --write\`; do not edit the table by hand.

How long a command takes depends on the machine. How long it takes beside another program, on the same
machine and in the same minute, says something about the command. So every number here is a ratio: our
time divided by the time of what you would use instead. Below 1 we are faster.

${tableOf(result)}

Version ${tools.version} on ${tools.platform} with Node ${tools.node}, git ${tools.git},
rsync ${tools.rsync}, tar ${tools.tar}; ${rounds} rounds; ${tools.cores} cores with a
load average of ${tools.load.toFixed(1)} in the minutes before the end. The goals are for 10,000 files.

## What is compared

Both sides start from one repository with two releases of one pack; the second changes 5 % of the
files. ${real ? 'The 57 files are a real pack (system-requirements-analyst v1.5.1 with a made-up successor); the others are' : 'All are'} generated: 4 KiB a file, of bytes that do
not compress, a hundred files to a directory.

| step | ours | theirs |
| --- | --- | --- |
| install | \`identity-install <id> --from <url> --release v1.0.0\` into a new home | \`git clone --depth 1\` of that tag, \`cp -a\` of the pack |
| nothing to do | the same command again | \`rsync -a -n\` from the clone |
| replace | \`--release v1.1.0 --replace --backup\` | \`tar czf\` of the target, \`rsync -a\` from the newer checkout |
| rollback | \`identity-rollback last\` | \`rsync -a --delete\` from a copy made before |

The two sides do not promise the same. Ours fetches the newer release as part of the replace, hashes
every file where rsync compares size and time, validates the pack, reads its snapshot back and
hashes every member, waits until everything is on the disk, and writes record, evidence and ledger.
Theirs gets the newer checkout and the copy for free, and returns while the kernel still has
everything in memory. The ratio shows what that costs.

In the first round the trees of both sides are compared byte by byte after every step. A benchmark of
two programs that did different things would say nothing.

## Where our time goes

- Nothing to do: the pack is read from the store and every file of the instance is hashed, where
  rsync compares size and time. There is no cache yet of which files were hashed when.
- Replace: the whole instance goes through gzip and is read back. Bytes that do not compress cost
  gzip at level 1 as much as at level 6, so half the time of \`tar czf\` is out of reach for them.
- Rollback: the instance is hashed first, for the evidence, and the whole snapshot is checked for
  the 5 % that is taken out of it.
- Memory: five to six kilobytes a file, in plan, record and evidence. Of the contents of the files, at
  most 8 MiB are in memory.

${discoverySection(result)}
## How it is measured

- Ours and theirs take turns, A B A B, so that a busy minute affects both. The ratio is that of the
  two medians; the range is the lowest and the highest ratio within one round.
- \`sync\` runs before every timed command, and is not timed. Without it, our barriers would write
  out what the other side left in memory.
- Every round works in directories that never existed before. A file system without a journal is many
  times slower in directories that were just deleted.
- More than a second passes between the two checkouts that rsync works from. It considers files of
  the same size and second to be equal, and would leave the older content in place.
- \`NODE_EXTRA_CA_CERTS\`, and every other variable that begins with \`NODE_\` or \`GIT_\`, is removed from
  the environment of both sides. Extra certificates alone make every start of Node 2.8 times slower.
- Times are wall-clock times from the call of \`spawnSync\` to its return, so they include the start of
  the process. Programs are started directly, without a shell and without npx.
- Peak memory is that of our own process, without the git and sync processes that it starts. On Linux
  it is the kernel's high-water mark of the resident set, elsewhere \`maxRSS\`. (On Linux \`maxRSS\`
  also counts what the parent had in memory when it started the child.)
- If a tool is missing, its rows say "not installed".

## How to reproduce

\`\`\`
npm run bench                # 57, 1,000 and 10,000 files, 5 rounds
npm run bench -- --quick     # 57 and 1,000 files, 3 rounds
npm run bench -- --large     # and peak memory at 100,000 files
npm run bench -- --discovery # only the listing of identities
npm run bench -- --in <dir>  # on the file system of that directory
\`\`\`

The benchmark needs git, \`cp\`, \`tar\`, \`sync\` and rsync. It uses no network, and works in a temporary
directory that is removed at the end. Below a thousand files, starting Node and git takes most of the
time. On a machine that is busy with other work, look at the ranges before you believe a second digit.
`;
}
