/**
 * Builds `dist/`: one small file per entry, lazy chunks for the rest, compiled validators, native
 * binaries, the embedded starter, and the list (SBOM) and the licences of everything in it that
 * others wrote. Takes no network.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { emptyDirSync, outputFileSync, readJsonSync } from 'fs-extra/esm';
import { bundledPackages } from './bundled-packages.mjs';
import { buildWithCommonChunk } from './common-chunk.mjs';
import { buildValidators, compiledSchemas } from './compiled-schemas.mjs';
import { copyNativeBindings, nativePackage } from './native-bindings.mjs';
import { sbomDocument } from './sbom.mjs';
import { licenceDocument } from './third-party-licences.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const { version } = readJsonSync(join(root, 'package.json'));

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

const programs = await buildWithCommonChunk({
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
  alias: {
    // Its main file hides its own modules from a bundler behind a wrapper; this one does not.
    'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
    debug: './scripts/silent-debug.mjs',
  },
  define: {
    // The version is in the entry itself, so that printing it reads no file.
    IDENTITY_INSTALL_VERSION: JSON.stringify(version),
    NATIVE_DIRECTORY: JSON.stringify('../native'),
  },
  // Not minified: a stack trace in a report should name what we wrote.
  minify: false,
  legalComments: 'none',
  plugins: [leanYargs, compiledSchemas(root)],
  metafile: true,
  logLevel: 'warning',
});

const validators = await buildValidators(root);
const results = [...programs, validators];
const outputFiles = results.flatMap((result) => result.outputFiles);

emptyDirSync(dist);
for (const file of outputFiles) {
  const needsRequire = file.text.includes('Dynamic require of "');
  outputFileSync(file.path, needsRequire ? requireBanner + file.text : file.text);
}
copyNativeBindings(root, join(dist, 'native'));
const metafiles = results.map((result) => result.metafile);
const packages = bundledPackages(root, metafiles, [nativePackage]);
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licenceDocument(packages.others));
writeFileSync(join(dist, 'sbom.cdx.json'), sbomDocument(packages));

const starter = join(root, 'scripts', 'build-starter.mjs');
if (existsSync(starter)) {
  const { buildStarter } = await import(pathToFileURL(starter).href);
  await buildStarter(join(dist, 'starter.bundle'));
}

const written = outputFiles.reduce((sum, file) => sum + file.contents.byteLength, 0);
console.log(
  `${relative(root, dist)}: ${outputFiles.length} files, ${Math.round(written / 1024)} KiB`,
);
