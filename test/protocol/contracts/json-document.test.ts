import { expect, test } from 'vitest';
import { isReadable } from '../../../src/protocol/contracts/document.ts';
import { readJsonDocument } from '../../../src/protocol/contracts/json-document.ts';

test('of a key that is given twice, the place is that of the value that counts', () => {
  const text = '{\n  "a": { "b": [1] },\n  "a": {\n    "b": [2, 3]\n  }\n}\n';
  const document = readJsonDocument(Buffer.from(text), 'x.json');
  if (!isReadable(document)) throw new Error(document.problem);
  expect(document.value).toEqual({ a: { b: [2, 3] } });
  expect(document.at('/a/b/1')).toEqual({ path: 'x.json', pointer: '/a/b/1', line: 4, column: 14 });
  expect(document.at('/a/b/7')).toMatchObject({ line: 4, column: 10 });
  expect(document.at('/a/b/1/deeper')).toMatchObject({ line: 4, column: 14 });
  expect(document.at('/none')).toMatchObject({ line: 1, column: 1 });
});
