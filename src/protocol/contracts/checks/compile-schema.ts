import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvOptions from './ajv-options.json' with { type: 'json' };

/** A JSON Schema 2020-12 document (`schemas/`). */
export type Schema = Readonly<Record<string, unknown>>;

const compiled = new Map<Schema, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/**
 * A schema as a function, compiled at first use. The build replaces this module with precompiled
 * functions (`scripts/compiled-schemas.mjs`), with the same options: installing a pack must not
 * wait for a compiler.
 *
 * Errors are verbose: they contain the schema that they are about, which some messages quote.
 */
export function compileSchema(schema: Schema): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  ajv ??= new Ajv2020(ajvOptions);
  const validate = ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
}
