import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { transform } from 'esbuild';

/**
 * An esbuild plugin: puts functions made from the schemas of the contracts in the place of the
 * module that makes them at run time. Compiling all takes longer than most installations.
 *
 * @param {string} root of the repository
 */
export function compiledSchemas(root) {
  const schemas = join(root, 'schemas', 'contracts');
  const options = JSON.parse(
    readFileSync(join(root, 'src', 'protocol', 'contracts', 'checks', 'ajv-options.json'), 'utf8'),
  );
  return {
    name: 'compiled-schemas',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]checks[\\/]compile-schema\.ts$/ }, async ({ path }) => {
        // Nobody reads it, and unlike ours it is ten times as long when it is readable.
        const { code } = await transform(moduleOf(schemas, options), { minify: true });
        return { contents: code, resolveDir: dirname(path), loader: 'js' };
      });
    },
  };
}

/** Keyed by the document itself, which the bundler hands to every module that imports it. */
function moduleOf(directory, options) {
  const files = readdirSync(directory).filter((name) => name.endsWith('.schema.json'));
  const ajv = new Ajv2020({ ...options, code: { esm: true, source: true } });
  const names = new Map(files.map((file, index) => [`schema_${index}`, file]));
  for (const [, file] of names) {
    ajv.addSchema(JSON.parse(readFileSync(join(directory, file), 'utf8')), file);
  }
  const imports = [...names].map(
    ([name, file]) =>
      `import document_${name} from ${JSON.stringify(join(directory, file))} with { type: 'json' };`,
  );
  const pairs = [...names].map(([name]) => `  [document_${name}, ${name}],`);
  return [
    ...imports,
    standaloneCode.default(ajv, Object.fromEntries(names)),
    `const compiled = new Map([\n${pairs.join('\n')}\n]);`,
    'export function compileSchema(schema) {',
    '  const validate = compiled.get(schema);',
    "  if (validate === undefined) throw new Error('a schema that the build did not know of');",
    '  return validate;',
    '}',
  ].join('\n');
}
