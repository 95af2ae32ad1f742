/**
 * Builds `dist/`: one small file per entry, lazy chunks for the rest, the embedded starter and
 * the licences of everything that was bundled. Takes no network.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { compiledSchemas } from './compiled-schemas.mjs';
import { licenceDocument } from './third-party-licences.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const { version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** esbuild turns `require` in bundled CommonJS into a call of whatever `require` is in scope. */
const requireBanner =
  "import { createRequire as bannerCreateRequire } from 'node:module';\n" +
  'const require = bannerCreateRequire(import.meta.url);\n';

/** yargs over a platform of ours, which has what reading a command line needs and no more. */
const leanYargs = {
  name: 'lean-yargs',
  setup({ onResolve }) {
    onResolve({ filter: /platform-shims\/esm\.mjs$/ }, () => ({
      path: join(root, 'scripts', 'yargs-platform.mjs'),
    }));
  },
};

const result = await build({
  absWorkingDir: root,
  entryPoints: ['identity-install', 'identity-rollback', 'identity'].map(
    (name) => `src/cli/entries/${name}.ts`,
  ),
  outdir: 'dist',
  entryNames: '[name]',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: Object.keys(dependencies),
  // Its main file hides its own modules from a bundler behind a wrapper; this one does not.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  // The version is in the entry itself, so that printing it reads no file.
  define: { IDENTITY_INSTALL_VERSION: JSON.stringify(version) },
  // Not minified: a stack trace in a report should name what we wrote.
  minify: false,
  legalComments: 'none',
  plugins: [leanYargs, compiledSchemas(root)],
  metafile: true,
  write: false,
  logLevel: 'warning',
});

rmSync(dist, { recursive: true, force: true });
for (const file of result.outputFiles) {
  const needsRequire = file.text.includes('Dynamic require of "');
  mkdirSync(dirname(file.path), { recursive: true });
  writeFileSync(file.path, needsRequire ? requireBanner + file.text : file.text);
}
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licenceDocument(root, result.metafile));

const starter = join(root, 'scripts', 'build-starter.mjs');
if (existsSync(starter)) {
  const { buildStarter } = await import(pathToFileURL(starter).href);
  await buildStarter(join(dist, 'starter.bundle'));
}

const written = result.outputFiles.reduce((sum, file) => sum + file.contents.byteLength, 0);
console.log(
  `${relative(root, dist)}: ${result.outputFiles.length} files, ${Math.round(written / 1024)} KiB`,
);
