// `npm run reliability [document]`: every line of the map names tests, and every one of them runs.

import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest } from 'vitest/node';
import { complaintsAbout, filesOf, rowsOf } from './reliability-map.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const document = resolve(process.argv[2] ?? `${root}docs/reliability.md`);

const rows = rowsOf(readFileSync(document, 'utf8'));
const files = filesOf(rows).filter((file) => existsSync(resolve(root, file)));
const tests = files.length === 0 ? [] : await listTests(files);
const complaints = complaintsAbout(rows, tests, (file) =>
  readFileSync(resolve(root, file), 'utf8'),
);

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
else console.log(`${rows.length} lines, shown by tests in ${files.length} files.`);

/** What the test files say that there is, rows of `each` spelled out; nothing runs. */
async function listTests(names) {
  // Not built for this: no test runs, and one that does may be using what is there.
  const vitest = await createVitest('test', { root, watch: false, globalSetup: [] });
  try {
    const { testModules, unhandledErrors } = await vitest.collect(names);
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
