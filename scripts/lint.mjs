// `npm run lint`: ESLint on every file that could be judged otherwise than last time. Its own cache
// knows a file by its content alone; with rules that ask for types, a file is also as good as what
// it imports. Circles of imports in `src` are looked for beside the rules, none of which finds all.

import { ESLint } from 'eslint';
import { fileURLToPath } from 'node:url';
import { recall, remember } from './check-cache.mjs';
import { closureDigest, digestOf, readGraph, sourceFiles } from './import-graph.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const eslint = new ESLint({ cwd: root });

const files = [];
for (const file of sourceFiles()) {
  if (!(await eslint.isPathIgnored(file))) files.push(file);
}
const graph = readGraph(files);
const digests = new Map(files.map((file) => [file, closureDigest(graph, file)]));
const clean = recall('lint');
const changed = files.filter((file) => clean[file] !== digests.get(file));

const results = changed.length === 0 ? [] : await eslint.lintFiles(changed);
const formatter = await eslint.loadFormatter('stylish');
const text = await formatter.format(results);
if (text !== '') console.log(text);

const faulty = new Set(
  results
    .filter(({ errorCount, warningCount }) => errorCount + warningCount > 0)
    .map(({ filePath }) => filePath.slice(root.length)),
);
remember('lint', Object.fromEntries([...digests].filter(([file]) => !faulty.has(file))));
console.log(`${changed.length} of ${files.length} files linted, ${faulty.size} with findings.`);

const room = digestOf([...graph.digests].filter(([file]) => file.startsWith('src/')).join('\n'));
const circles = recall('circles').none === room ? [] : await circlesOfSource();
for (const [first, ...others] of circles) {
  console.log(`A circle of imports: ${[first, ...others, first].join(' -> ')}`);
}
remember('circles', circles.length === 0 ? { none: room } : {});
if (faulty.size + circles.length > 0) process.exitCode = 1;

/** What finds them takes seconds to load, so it is loaded only when a file has changed. */
async function circlesOfSource() {
  const { findCircles } = await import('./find-circles.mjs');
  return await findCircles(root, 'src');
}
