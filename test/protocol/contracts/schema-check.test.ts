import { expect, test } from 'vitest';
import { readJsonDocument } from '../../../src/protocol/contracts/json-document.ts';
import { isReadable } from '../../../src/protocol/contracts/document.ts';
import type { Schema } from '../../../src/protocol/contracts/compile-schema.ts';
import { schemaFindings } from '../../../src/protocol/contracts/schema-check.ts';
import { documentBlock } from '../../../src/protocol/contracts/block.ts';

function sentences(schema: Schema, value: object): string[] {
  const document = readJsonDocument(Buffer.from(JSON.stringify(value)), 'x.json');
  const block = isReadable(document) ? documentBlock(document) : undefined;
  if (block === undefined) throw new Error('no object');
  return [...schemaFindings('X', block, schema)].map(({ code, message }) => `${code} ${message}`);
}

const list = (schema: Schema): Schema => ({
  type: 'object',
  properties: { list: { type: 'array', ...schema } },
});

test('a list that lacks an item is one finding, which names the item', () => {
  const schema = list({ allOf: [{ contains: { const: 'a' } }, { contains: { const: 'b' } }] });
  expect(sentences(schema, { list: ['a', 'c', 'd'] })).toEqual(['X_VALUE list does not name "b".']);
  expect(sentences(schema, { list: [] })).toEqual([
    'X_VALUE list does not name "a".',
    'X_VALUE list does not name "b".',
  ]);
});

test('a text of another form is told which form it should have', () => {
  const schema = list({ items: { type: 'string', pattern: '^a+$' } });
  expect(sentences(schema, { list: ['b'] })).toEqual(['X_VALUE list[0] is not of the form ^a+$.']);
  const told = { type: 'string', pattern: '^a+$', description: 'A word of as.' };
  expect(sentences(list({ items: told }), { list: ['b'] })).toEqual([
    'X_VALUE list[0] is not a word of as.',
  ]);
});

test('what is too short, too few or out of range says by how much', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      title: { type: 'string', minLength: 3 },
      list: { type: 'array', minItems: 2 },
      days: { type: 'number', exclusiveMinimum: 0 },
      share: { type: 'number', minimum: 1, maximum: 100 },
    },
  };
  expect(sentences(schema, { title: 'ab', list: [1], days: 0, share: 0 })).toEqual([
    'X_VALUE title has fewer than 3 characters.',
    'X_VALUE list has fewer than 2 items.',
    'X_VALUE days is not more than 0.',
    'X_VALUE share is less than 1.',
  ]);
  expect(sentences(schema, { share: 101 })).toEqual(['X_VALUE share is more than 100.']);
});
