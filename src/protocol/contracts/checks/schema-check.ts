import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Finding } from '../../../core/finding.ts';
import { pointerPart, pointerParts } from '../../documents/pointer.ts';
import { schemaWording, type SchemaFindingKind } from '../findings/wording.ts';
import type { Block } from '../subject/block.ts';
import { compileSchema, type Schema } from './compile-schema.ts';

/**
 * The errors of a block by its schema, as findings `<PREFIX>_MISSING`, `_TYPE`, `_VALUE`,
 * `_UNKNOWN`, each at the place in the document that it is about.
 */
export function* schemaFindings(prefix: string, block: Block, schema: Schema): Generator<Finding> {
  const validate = compileSchema(schema);
  if (validate(block.members)) return;
  for (const error of validate.errors ?? []) {
    const worded = wordingOf(error);
    if (worded === undefined) continue;
    const { kind, pointer, message } = worded;
    const place = block.document.at(`${block.pointer}${pointer}`);
    yield { code: `${prefix}_${kind}`, severity: 'error', ...place, message };
  }
}

interface Worded {
  readonly kind: SchemaFindingKind;
  readonly pointer: string;
  readonly message: string;
}

/**
 * One error of the validator in our words; undefined for those that only say that another one
 * failed.
 */
function wordingOf(error: ErrorObject): Worded | undefined {
  const { keyword, instancePath, params, schema, parentSchema, schemaPath } = error;
  // These errors only say of each other item that it is not the required one.
  if (schemaPath.includes('/contains/')) return undefined;
  const what = instancePath === '' ? 'It' : nameOf(instancePath);
  const value = (wanted: string): Worded => ({
    kind: 'VALUE',
    pointer: instancePath,
    message: schemaWording.VALUE(what, wanted),
  });
  switch (keyword) {
    case 'required':
    case 'dependentRequired': {
      const key = String(params['missingProperty']);
      const pointer = `${instancePath}/${pointerPart(key)}`;
      return { kind: 'MISSING', pointer, message: schemaWording.MISSING(nameOf(pointer)) };
    }
    case 'additionalProperties':
    case 'unevaluatedProperties':
    case 'propertyNames': {
      const key = String(
        params['additionalProperty'] ?? params['unevaluatedProperty'] ?? params['propertyName'],
      );
      const pointer = `${instancePath}/${pointerPart(key)}`;
      return { kind: 'UNKNOWN', pointer, message: schemaWording.UNKNOWN(nameOf(pointer)) };
    }
    case 'type': {
      const wanted = [params['type']].flat().join(' or ');
      return { kind: 'TYPE', pointer: instancePath, message: schemaWording.TYPE(what, wanted) };
    }
    case 'const':
      return value(`is not ${JSON.stringify(params['allowedValue'])}`);
    case 'enum':
      return value(
        `must be one of ${(params['allowedValues'] as unknown[]).map(String).join(', ')}`,
      );
    case 'minLength':
    case 'minItems':
    case 'minProperties': {
      const least = Number(params['limit']);
      return value(least <= 1 ? 'is empty' : `has fewer than ${least} ${countedBy[keyword]}`);
    }
    case 'minimum':
      return value(`is less than ${params['limit']}`);
    case 'maximum':
      return value(`is more than ${params['limit']}`);
    case 'exclusiveMinimum':
      return value(`is not more than ${params['limit']}`);
    case 'exclusiveMaximum':
      return value(`is not less than ${params['limit']}`);
    case 'pattern':
    case 'format':
      return value(`is not ${formIn(parentSchema) ?? `of the form ${String(schema)}`}`);
    case 'uniqueItems':
      return value('names something twice');
    case 'contains':
      return value(`does not name ${missingItem(schema)}`);
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
    case 'if':
      return undefined;
    default:
      return value(`does not satisfy "${keyword}"`);
  }
}

const countedBy = { minLength: 'characters', minItems: 'items', minProperties: 'members' } as const;

/** A schema with a pattern describes in words what it requires. */
function formIn(parent: ErrorObject['parentSchema']): string | undefined {
  const description: unknown = parent?.['description'];
  if (typeof description !== 'string') return undefined;
  return `${description.charAt(0).toLowerCase()}${description.slice(1)}`.replace(/\.$/, '');
}

/** `contains: { const: "x" }` asks for one item. */
function missingItem(schema: unknown): string {
  return typeof schema === 'object' && schema !== null && 'const' in schema
    ? JSON.stringify(schema.const)
    : 'what it must';
}

/** `/a/b/0` reads as `a.b[0]`. */
function nameOf(pointer: string): string {
  return pointerParts(pointer).reduce((name, part) => {
    if (/^\d+$/.test(part)) return `${name}[${part}]`;
    return name === '' ? part : `${name}.${part}`;
  }, '');
}
