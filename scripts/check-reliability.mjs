// `npm run reliability [document]`: every line of the map names tests, and every one of them is
// there and switched on.

import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest } from 'vitest/node';
import { recall, remember } from './check-cache.mjs';
import { closureDigest, readGraph, sourceFiles } from './import-graph.mjs';
import { complaintsAbout, filesOf, rowsOf } from './reliability-map.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const document = resolve(process.argv[2] ?? `${root}docs/reliability.md`);

const rows = rowsOf(readFileSync(document, 'utf8'));
const files = filesOf(rows).filter((file) => existsSync(resolve(root, file)));
const complaints = complaintsAbout(rows, await testsIn(files), (file) =>
  readFileSync(resolve(root, file), 'utf8'),
);

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
else console.log(`${rows.length} lines, shown by tests in ${files.length} files.`);

/** The tests of these files; a file is asked again when it or something that it imports changed. */
async function testsIn(names) {
  const graph = readGraph(sourceFiles());
  const known = recall('reliability');
  const digests = new Map(names.map((file) => [file, closureDigest(graph, file)]));
  const changed = names.filter((file) => known[file]?.digest !== digests.get(file));
  if (changed.length > 0) {
    const collected = await collect(changed);
    for (const file of changed) {
      const tests = collected.filter((test) => test.file === file);
      known[file] = { digest: digests.get(file), tests };
    }
    remember('reliability', known);
  }
  return names.flatMap((file) => known[file].tests);
}

/** What the test files say that there is, rows of `each` spelled out; nothing runs. */
async function collect(names) {
  // Without our configuration, so that nothing is built for this: no test runs, and one that does may
  // be using what is there. The files share what they import: all they do is to name their tests.
  const settings = { root, config: false, watch: false, include: names, isolate: false };
  const vitest = await createVitest('test', settings);
  try {
    const { testModules, unhandledErrors } = await vitest.collect();
    if (unhandledErrors.length > 0) throw unhandledErrors[0];
    return testModules.flatMap(({ moduleId, children }) => {
      const file = relative(root, moduleId).split(sep).join('/');
      return [...children.allTests()].map((test) => ({
        file,
        name: test.fullName.replaceAll(' > ', ' › '),
        mode: test.options.mode,
      }));
    });
  } finally {
    await vitest.close();
  }
}
