import type { Finding } from '../../core/finding.ts';
import { member, pointerPart } from '../members.ts';
import type { Document } from './document.ts';
import type { Schema } from './compile-schema.ts';
import { schemaFindings } from './schema-check.ts';
import { documentBlock, type Block } from './subject.ts';
import { schemaWording } from './wording.ts';

/** What the contracts that look at records of runs have in common. */

/** What the schema of a record says of a document; one that is no object is of the wrong type. */
export function* recordFindings(
  prefix: string,
  document: Document,
  schema: Schema,
): Generator<Finding> {
  const record = documentBlock(document);
  if (record !== undefined) yield* schemaFindings(prefix, record, schema);
  else {
    const message = schemaWording.TYPE('It', 'object');
    yield { code: `${prefix}_TYPE`, severity: 'error', ...document.at(''), message };
  }
}

/**
 * Fields that a contract asks for beyond those of the schema, which are known to be there.
 *
 * @param named the contract's own list, in whatever shape it is
 */
export function* fieldsMissing(
  prefix: string,
  record: Block,
  named: unknown,
  schema: Schema,
): Generator<Finding> {
  const known = texts(schema['required']);
  for (const field of new Set(texts(named))) {
    if (known.includes(field) || member(record.members, field) !== undefined) continue;
    const message = schemaWording.MISSING(field);
    yield { code: `${prefix}_MISSING`, severity: 'error', ...record.at(field), message };
  }
}

/** The texts in a list; what else is in it, or stands in its place, is for its schema. */
export function texts(value: unknown): readonly string[] {
  return textItems(value).map(({ text }) => text);
}

/** The same, with the places in the list. */
export function textItems(
  value: unknown,
): readonly { readonly index: number; readonly text: string }[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).flatMap((text, index) =>
    typeof text === 'string' && text !== '' ? [{ index, text }] : [],
  );
}

/** A text that differs from what it should be; what is no text is for the schema. */
export function isOtherText(value: unknown, wanted: unknown): value is string {
  return (
    typeof value === 'string' && value !== '' && typeof wanted === 'string' && value !== wanted
  );
}

/** Every member at every depth, with the keys that lead to it. */
export function* membersWithin(
  value: unknown,
  keys: readonly string[] = [],
): Generator<{ readonly keys: readonly string[]; readonly key: string; readonly value: unknown }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const path = [...keys, key];
    if (!Array.isArray(value)) yield { keys: path, key, value: inner };
    yield* membersWithin(inner, path);
  }
}

/** Every text at every depth, with the keys that lead to it. */
export function* textsWithin(
  value: unknown,
  keys: readonly string[] = [],
): Generator<{ readonly keys: readonly string[]; readonly text: string }> {
  if (typeof value === 'string') yield { keys, text: value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* textsWithin(inner, [...keys, key]);
}

/** The pointer that keys make. */
export function pointerTo(keys: readonly string[]): string {
  return keys.map((key) => `/${pointerPart(key)}`).join('');
}
