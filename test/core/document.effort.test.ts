import { growthOf } from '../support/effort.ts';
import { expect, test } from 'vitest';
import { placesIn } from '../../src/core/document.ts';

test('twice as many places in a text of twice the length take twice the effort', () => {
  const growth = growthOf((times) => {
    const place = placesIn('x\n'.repeat(times * 1000));
    for (let offset = 0; offset < times * 2000; offset += 1) place(offset);
  });
  expect(growth).toBeLessThan(2.5);
});
