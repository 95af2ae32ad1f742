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
hold the four files that every pack needs and no more: \`ls -R\` reads the name of every file, so that
each further one would be in our favour.

${markdown(['ours', 'beside', 'ratio', 'range', 'goal'], rows)}

- Asked again: every path that decided about the first answer is asked for its state, and the
  packs of the answer are noted, to tell when they change.
- With \`forceReload\`: every catalog is read and parsed anew as well. Parsing YAML is half of it.
- In a process of its own: the start of Node and the loading of our modules are a third; the rest is
  the same work by code that the engine meets for the first time and has not compiled yet.

Version ${tools.version} on ${tools.platform} with Node ${tools.node}, ls ${tools.ls}; ${listing.again.length} samples; ${tools.cores} cores
with a load average of ${tools.load.toFixed(1)}. The server is asked by one line on its standard input; the time ends
with the last byte of its answer. Half a second passes between two questions, in which it looks for
changes once more; its files were left alone for two seconds before the first, as younger ones are
never taken from memory. What is on the disk is in the page cache for both sides.
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

How long a command takes depends on the machine; how long it takes beside another program on the
same machine, in the same minute, says something about the command. So every number here is a
ratio: our time divided by the time of what one would use instead. Below 1 we are faster.

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

The two sides do not promise the same. Ours fetches the newer release within the replace, hashes
every file where rsync compares size and time, validates the pack, reads its snapshot back and
hashes every member, waits until everything is on the disk, and writes record, evidence and ledger.
Theirs is given the newer checkout and the copy for nothing, and returns while the kernel still has
everything in memory. The ratio is what that costs.

In the first round the trees of both sides are compared after every step, byte by byte; a
benchmark of two programs that did different things would say nothing.

## Where our time goes

- Nothing to do: the pack is read from the store and every file of the instance is hashed, where
  rsync compares size and time. A cache of what was hashed when is not built yet.
- Replace: the whole instance goes through gzip and is read back. Bytes that do not compress cost
  gzip at level 1 what they cost at level 6, so that half of \`tar czf\` is out of reach for them.
- Rollback: the instance is hashed before, for the evidence, and the whole snapshot is checked for
  the 5 % that is taken out of it.
- Memory: five to six kilobytes a file, in plan, record and evidence; the content of the files is
  not in it beyond 8 MiB.

${discoverySection(result)}
## How it is measured

- Ours and theirs take turns, A B A B, so that a busy minute meets both. The ratio is that of the
  two medians; the range is the lowest and the highest ratio within one round.
- \`sync\` runs before every timed command, and is not timed. Without it our barriers would write
  out what the other side left in memory.
- Every round works in directories that never existed before. A file system without a journal
  rewrites directories that were just deleted many times slower.
- More than a second passes between the two checkouts that rsync works from: it takes files of one
  size and one second for the same, and would leave the older content in place.
- \`NODE_EXTRA_CA_CERTS\` and every other variable that begins with \`NODE_\` or \`GIT_\` is taken out of
  the environment of both sides. Extra certificates alone make every start of Node 2.8 times slower.
- Times are of the wall, start of the process included, from \`spawnSync\` to its return. Programs
  are started directly, without a shell and without npx.
- Peak memory is that of our own process, without the git and sync processes that it starts: on
  Linux the kernel's high-water mark of its address space, elsewhere \`maxRSS\`. (On Linux \`maxRSS\`
  also counts what the parent had in memory when it started the child.)
- A tool that is missing makes its rows say "not installed".

## How to reproduce

\`\`\`
npm run bench                # 57, 1,000 and 10,000 files, 5 rounds
npm run bench -- --quick     # 57 and 1,000 files, 3 rounds
npm run bench -- --large     # and peak memory at 100,000 files
npm run bench -- --discovery # only the listing of identities
npm run bench -- --in <dir>  # on the file system of that directory
\`\`\`

It needs git, \`cp\`, \`tar\`, \`sync\` and rsync, takes no network, and works in a temporary directory
that is removed at the end. Below a thousand files the start of Node and of git decides; on a
machine with other work, look at the ranges before believing a second digit.
`;
}
