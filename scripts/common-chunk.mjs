import { join } from 'node:path';
import { build } from 'esbuild';

/** Where modules are that nearly every command needs: whole rooms, and single modules of others. */
const rooms = [
  'src/core/',
  'src/cli/command/',
  'src/cli/launcher.ts',
  'src/cli/layout/',
  'src/cli/options/',
  ...['facts', 'fold', 'json', 'sections', 'style'].map((name) => `src/cli/render/${name}.ts`),
  'src/instance/layout.ts',
  ...['read-bounded', 'read-only', 'working-tree'].map((name) => `src/platform/files/${name}.ts`),
  ...['archive', 'file-system', 'launch', 'lock', 'process-environment', 'progress'].map(
    (name) => `src/platform/${name}.ts`,
  ),
  'src/platform/system-error.ts',
];

const file = 'common.js';

/**
 * Bundles with what nearly every command needs in one file. Left alone, esbuild makes a file of
 * every set of modules that the same entry points reach, most of a few lines, and Node takes longer
 * to find, open and link a file than to read it (docs/speed.md#starting).
 *
 * @param {import('esbuild').BuildOptions & { absWorkingDir: string }} options of a build that splits
 *   and puts its chunks in `chunks/`
 * @returns what esbuild returns for the one file and for all others, nothing written
 */
export async function buildWithCommonChunk(options) {
  const { metafile } = await build({ ...options, write: false });
  const modules = commonModules(metafile.inputs);
  const { entryPoints: _entries, splitting: _splitting, plugins = [], ...shared } = options;
  const common = await build({
    ...shared,
    plugins,
    stdin: {
      contents: modules.map((module) => `export * from './${module}';`).join('\n'),
      resolveDir: options.absWorkingDir,
    },
    outdir: undefined,
    outfile: join(options.outdir, 'chunks', file),
    write: false,
  });
  const others = await build({
    ...options,
    plugins: [...plugins, fromCommonChunk(options.absWorkingDir, modules)],
    write: false,
  });
  refuseMissing(common, others);
  return [common, others];
}

/** Two modules that export the same name would leave it out of the one file without a word. */
function refuseMissing(common, others) {
  const [{ exports }] = Object.values(common.metafile.outputs);
  const fromCommon = new RegExp(`import\\s*\\{([^}]*)\\}\\s*from "\\./${file}"`, 'g');
  for (const { path, text } of others.outputFiles) {
    for (const [, list = ''] of text.matchAll(fromCommon)) {
      const names = list.split(',').map((name) => name.trim().split(' as ')[0] ?? '');
      const missing = names.filter((name) => name !== '' && !exports.includes(name));
      if (missing.length > 0) throw new Error(`${path}: ${file} has no ${missing.join(', ')}`);
    }
  }
}

/** Those of the rooms that load nothing outside of them, now or later: neither a room nor a package. */
function commonModules(inputs) {
  const inRooms = (path) => rooms.some((room) => path.startsWith(room));
  const loads = (path) => inputs[path].imports.filter(({ external }) => !external);
  const needs = (path) => {
    const seen = new Set([path]);
    for (const each of seen) for (const { path: next } of loads(each)) seen.add(next);
    return [...seen];
  };
  return Object.keys(inputs)
    .filter((path) => needs(path).every(inRooms))
    .sort();
}

function fromCommonChunk(root, modules) {
  const paths = new Set(modules.map((module) => join(root, module)));
  return {
    name: 'common-chunk',
    setup({ onResolve }) {
      onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) =>
        paths.has(join(resolveDir, path)) ? { path: `./${file}`, external: true } : undefined,
      );
    },
  };
}
