import { growthOf } from '../../support/effort.ts';
import { describe, expect, test } from 'vitest';
import { memoryView } from '../../../src/protocol/documents/file-view.ts';

describe('files in memory', () => {
  test('may have as many directories as a pack may have entries', () => {
    // It took minutes while every directory was looked for among all paths.
    const growth = growthOf((times) => {
      const many = times * 1000;
      const paths = Array.from({ length: many }, (_none, index) => `a/${index}/x`);
      const view = memoryView(new Map(paths.map((path) => [path, new Uint8Array()])));
      const listed = view.list('a').flatMap(({ name }) => view.list(`a/${name}`));
      if (listed.length !== many) throw new Error(`${listed.length} of ${many} are listed.`);
    });
    expect(growth).toBeLessThan(2.5);
  });
});
