import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { InstallError } from '../../core/errors.ts';
import type { Members } from '../../protocol/documents/members.ts';

/** The schema of an object, for the arguments and results of tools. */
export interface ObjectSchema {
  readonly [keyword: string]: unknown;
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: string[];
}

type Schema = Readonly<Record<string, unknown>>;

export const text = (description?: string): Schema => ({
  type: 'string',
  ...(description !== undefined && { description }),
});

export const flag = (description?: string): Schema => ({
  type: 'boolean',
  ...(description !== undefined && { description }),
});

export const count = (description?: string): Schema => ({
  type: 'integer',
  minimum: 0,
  ...(description !== undefined && { description }),
});

export const oneOf = (values: readonly string[], description?: string): Schema => ({
  type: 'string',
  enum: [...values],
  ...(description !== undefined && { description }),
});

export const list = (items: object, description?: string): Schema => ({
  type: 'array',
  items,
  ...(description !== undefined && { description }),
});

export const orNull = (schema: object): Schema => ({ anyOf: [schema, { type: 'null' }] });

/** An object with these members and no others; all but the optional ones are required. */
export function object(
  properties: Readonly<Record<string, object>>,
  optional: readonly string[] = [],
): ObjectSchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
}

/** An object of which only the required members must be given. */
export function input(
  properties: Readonly<Record<string, object>>,
  required: readonly string[] = [],
): ObjectSchema {
  return object(
    properties,
    Object.keys(properties).filter((name) => !required.includes(name)),
  );
}

export const identityId: Schema = {
  type: 'string',
  pattern: '^[a-z0-9-]{2,64}$',
  description: 'Id of an identity.',
};

export const sha256: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };

const compiled = new WeakMap<ObjectSchema, ValidateFunction>();

/**
 * The arguments of a tool, checked against its schema.
 *
 * @throws InstallError E_USAGE naming the first argument that does not
 */
export function checkArguments(tool: string, schema: ObjectSchema, given: unknown): Members {
  const validate = compiled.get(schema) ?? new Ajv2020({ strict: true }).compile(schema);
  compiled.set(schema, validate);
  if (validate(given)) return given as Members;
  const [error] = validate.errors ?? [];
  throw new InstallError('E_USAGE', `${tool} cannot be called like this: ${problemOf(error)}.`, {
    remedy: `tools/list has the schema of its arguments: ${Object.keys(schema.properties).join(', ') || 'none'}.`,
    details: { tool, argument: error?.instancePath ?? '' },
  });
}

function problemOf(error: ErrorObject | undefined): string {
  if (error === undefined) return 'the arguments do not fit';
  const where = error.instancePath === '' ? 'the arguments' : error.instancePath.slice(1);
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties') {
    return `there is no argument "${String(params['additionalProperty'])}"`;
  }
  if (error.keyword === 'enum') {
    return `${where} must be one of ${(params['allowedValues'] as unknown[]).map(String).join(', ')}`;
  }
  return `${where} ${error.message ?? 'do not fit'}`;
}
