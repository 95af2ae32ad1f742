import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const directory = new URL('../../schemas/results/', import.meta.url);

type Schema = Readonly<Record<string, unknown>>;

/** The published schema of a document that `--json` prints: `install-result`, or `error`. */
export function resultSchema(name: string): Schema {
  return JSON.parse(readFileSync(new URL(`${name}.schema.json`, directory), 'utf8')) as Schema;
}

/** Every document that has a published schema. */
export function publishedResults(): readonly string[] {
  return readdirSync(directory).map((file) => file.replace(/\.schema\.json$/, ''));
}

const compiled = new Map<string, ValidateFunction>();

/**
 * The document, which must be one that is published, member for member: a reader lets in members
 * that it does not know, but what we print ourselves is in the schema.
 */
export function checkedResult(document: unknown): unknown {
  const { schema = '' } = document as { readonly schema?: string };
  const [, name] = /^identity-install\/([a-z-]+)@1$/.exec(schema) ?? [];
  if (name === undefined) throw new Error(`The document does not name its schema: "${schema}".`);
  const validate = compiled.get(name) ?? new Ajv2020().compile(closed(resultSchema(name)));
  compiled.set(name, validate);
  if (validate(document)) return document;
  const [first] = validate.errors ?? [];
  throw new Error(
    `schemas/results/${name}.schema.json: ${first?.instancePath ?? ''} ${first?.message ?? ''} ${JSON.stringify(first?.params)}`,
  );
}

/** The same schema without room for members that it does not name. */
function closed(schema: Schema): Schema {
  return closeAll(schema) as Schema;
}

function closeAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closeAll);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, closeAll(member)]),
  );
  const isObject = members['type'] === 'object' && 'properties' in members;
  return isObject && !('additionalProperties' in members)
    ? { ...members, additionalProperties: false }
    : members;
}
