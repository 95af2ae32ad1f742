import { expect, it } from 'vitest';
import { ownMember } from '../../src/core/own-member.ts';

const outside: unknown = JSON.parse('{"a": 1, "__proto__": 2, "toString": 3}');
const object = outside as Readonly<Record<string, number>>;

it.each([
  ['a', 1],
  ['__proto__', 2],
  ['toString', 3],
  ['constructor', undefined],
  ['hasOwnProperty', undefined],
  ['b', undefined],
])('%s of an object from outside is %s', (name, value) => {
  expect(ownMember(object, name)).toBe(value);
});

it('is nothing where there is no object', () => {
  expect(ownMember(undefined, 'a')).toBeUndefined();
});
