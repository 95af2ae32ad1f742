import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { readJsonSync } from 'fs-extra/esm';

/**
 * An esbuild plugin: puts the loading of functions that were made beforehand in the place of the
 * module that makes them from the schemas at run time. Compiling all takes longer than most
 * installations.
 *
 * @param {string} root of the repository
 */
export function compiledSchemas(root) {
  return {
    name: 'compiled-schemas',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]checks[\\/]compile-schema\.ts$/ }, ({ path }) => ({
        contents: loadingModule(root),
        resolveDir: dirname(path),
        loader: 'js',
      }));
    },
  };
}

/**
 * The functions: a file for each schema, so that a run loads those that it asks for and no other
 * (docs/adr/0014-schemas-compiled-at-build.md). They are CommonJS because a check asks in the middle
 * of its work, and `import()` cannot answer at once.
 *
 * @param {string} root of the repository
 * @returns what esbuild returns, nothing written
 */
export function buildValidators(root) {
  return build({
    absWorkingDir: root,
    entryPoints: schemaNames(root).map((name) => ({ in: `validator:${name}`, out: name })),
    outdir: 'dist/validators',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // Nobody reads them, and unlike ours they are several times as long when they are readable.
    minify: true,
    legalComments: 'none',
    plugins: [validators(root)],
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
}

function validators(root) {
  const options = readJsonSync(
    join(root, 'src', 'protocol', 'contracts', 'checks', 'ajv-options.json'),
  );
  const ajv = new Ajv2020({ ...options, code: { source: true } });
  for (const name of schemaNames(root)) {
    ajv.addSchema(readJsonSync(schemaFile(root, name)), fileName(name));
  }
  return {
    name: 'validators',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^validator:/ }, ({ path }) => ({
        path: path.slice('validator:'.length),
        namespace: 'validator',
      }));
      onLoad({ filter: /.*/, namespace: 'validator' }, ({ path }) => ({
        contents: standaloneCode.default(ajv, ajv.getSchema(fileName(path))),
        resolveDir: root,
        loader: 'js',
      }));
    },
  };
}

/** A schema is known by the document itself, which the bundler hands to all that import it. */
function loadingModule(root) {
  const names = schemaNames(root);
  const imports = names.map(
    (name, index) =>
      `import schema_${index} from ${JSON.stringify(schemaFile(root, name))} with { type: 'json' };`,
  );
  const pairs = names.map((name, index) => `  [schema_${index}, ${JSON.stringify(name)}],`);
  return [
    "import { readFileSync } from 'node:fs';",
    "import { fileURLToPath } from 'node:url';",
    "import { compileFunction } from 'node:vm';",
    ...imports,
    `const names = new Map([\n${pairs.join('\n')}\n]);`,
    'const loaded = new Map();',
    'export function compileSchema(schema) {',
    '  const known = loaded.get(schema);',
    '  if (known !== undefined) return known;',
    '  const name = names.get(schema);',
    "  if (name === undefined) throw new Error('a schema that the build did not know of');",
    '  const validate = load(fileURLToPath(new URL(`../validators/${name}.cjs`, import.meta.url)));',
    '  loaded.set(schema, validate);',
    '  return validate;',
    '}',
    // What `require` does for a file that requires nothing; its look-ups take five times as long.
    'function load(filename) {',
    '  const module = { exports: {} };',
    "  const code = readFileSync(filename, 'utf8');",
    "  compileFunction(code, ['module', 'exports'], { filename })(module, module.exports);",
    '  return module.exports;',
    '}',
  ].join('\n');
}

const extension = '.schema.json';

/** Without their extension, in the order of their names. */
function schemaNames(root) {
  return readdirSync(join(root, 'schemas', 'contracts'))
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort();
}

/** As the schemas refer to each other. */
function fileName(name) {
  return `${name}${extension}`;
}

function schemaFile(root, name) {
  return join(root, 'schemas', 'contracts', fileName(name));
}
