import type { Finding } from '../../../core/finding.ts';
import { member } from '../../documents/members.ts';
import { schemaWording } from '../findings/wording.ts';
import type { Block } from '../subject/block.ts';
import type { Schema } from './compile-schema.ts';
import { texts } from './texts.ts';

/** Whether a value is present: neither left out, nor null, nor an empty text. */
export function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** Which of the fields have no value, each once: for records without a schema. */
export function fieldsWithoutValue(record: Block, fields: Iterable<string>): string[] {
  return [...new Set(fields)].filter((field) => !hasValue(record.get(field)));
}

/**
 * Fields that a contract requires beyond those that the schema of a record requires: a present
 * field counts, whatever its value. The findings read like those of the schema.
 *
 * @param fields the contract's own list, in whatever shape it is
 */
export function* fieldsMissing(
  prefix: string,
  record: Block,
  fields: unknown,
  schema: Schema,
): Generator<Finding> {
  const known = texts(schema['required']);
  for (const field of new Set(texts(fields))) {
    if (known.includes(field) || member(record.members, field) !== undefined) continue;
    const message = schemaWording.MISSING(field);
    yield { code: `${prefix}_MISSING`, severity: 'error', ...record.at(field), message };
  }
}
