// Which file of ours needs which: what has to be looked at again when one of them changed.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = ['src', 'test', 'scripts', 'bench', 'bin'];

/** `import … from './x.ts'`, `export … from './x.ts'`, `import './x.ts'`, `import('./x.ts')`. */
const relativeImport = /\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/** Every TypeScript and JavaScript file, from the root, in order. */
export function sourceFiles() {
  const inRooms = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((path) =>
      join(room, path),
    ),
  );
  const atTop = readdirSync(root);
  return [...atTop, ...inRooms].filter((path) => /\.(ts|mts|mjs|js)$/.test(path)).sort();
}

/**
 * The digest of each file, and what each imports.
 *
 * @param {readonly string[]} files
 */
export function readGraph(files) {
  const digests = new Map();
  const imports = new Map();
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    digests.set(file, digestOf(text));
    const named = [...text.matchAll(relativeImport)].flatMap(([, path]) => {
      const target = relative(root, join(root, dirname(file), path));
      // The types of a script are in a file beside it.
      return [target, target.replace(/\.mjs$/, '.d.mts')];
    });
    imports.set(
      file,
      [...new Set(named)].filter((path) => existsSync(join(root, path))),
    );
  }
  return { digests, imports };
}

/**
 * A digest over a file and everything that it imports, through other files too: it changes when
 * anything does that the file could mean something else for.
 *
 * @param {ReturnType<typeof readGraph>} graph
 */
export function closureDigest({ digests, imports }, file) {
  const seen = new Set([file]);
  for (const each of seen) {
    for (const path of imports.get(each) ?? []) seen.add(path);
  }
  const lines = [...seen].sort().map((path) => `${path} ${digests.get(path) ?? contentOf(path)}\n`);
  return digestOf(lines.join(''));
}

export function digestOf(text) {
  return createHash('sha256').update(text).digest('hex');
}

/** What is imported and is no source file: JSON. */
function contentOf(path) {
  return digestOf(readFileSync(join(root, path)));
}
