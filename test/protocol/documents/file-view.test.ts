import { describe, expect, test } from 'vitest';
import {
  createSearch,
  matchFiles,
  memoryView,
  type DirectoryMember,
  type FileView,
} from '../../../src/protocol/documents/file-view.ts';

describe('the files that a pattern names', () => {
  test('are those that fit component by component, sorted', () => {
    const paths = ['b/2.json', 'b/1.json', 'a/1.json', 'a/b/1.json', 'a/1.txt', '1.json'];
    const view = memoryView(new Map(paths.map((path) => [path, new Uint8Array()])));
    expect(matchFiles(view, '*/*.json', createSearch())).toEqual([
      'a/1.json',
      'b/1.json',
      'b/2.json',
    ]);
    expect(matchFiles(view, '*/../1.json', createSearch())).toEqual([]);
  });

  test('are the last two thousand by name, where there are more', () => {
    const names = Array.from({ length: 2001 }, (_none, index) => `${10_000 + index}.json`);
    const view = memoryView(new Map(names.map((name) => [name, new Uint8Array()])));
    expect(matchFiles(view, '*.json', createSearch())).toEqual(names.slice(1));
  });

  test('are not looked for in a whole disk', () => {
    let listed = 0;
    const ten = Array.from({ length: 10 }, (_none, index): DirectoryMember => {
      return { name: `${index}`, kind: 'directory' };
    });
    const endless: FileView = {
      read: () => undefined,
      list: () => {
        listed += 1;
        return ten;
      },
      show: (path) => path,
    };
    expect(matchFiles(endless, `${'*/'.repeat(40)}x.json`, createSearch())).toEqual([]);
    expect(listed).toBe(10_000);
  });

  test('are looked for until all patterns together have met a million names', () => {
    const paths = Array.from({ length: 1000 }, (_none, index) => `${index}.json`);
    const files = memoryView(new Map(paths.map((path) => [path, new Uint8Array()])));
    let met = 0;
    const view: FileView = {
      ...files,
      list(directory) {
        const members = files.list(directory);
        met += members.length;
        return members;
      },
    };
    const search = createSearch();
    const found = Array.from({ length: 5000 }, (_none, index) =>
      matchFiles(view, `*${index % 1000}.json`, search),
    );
    expect(found[0]).toContain('0.json');
    expect(found.at(-1)).toEqual([]);
    expect(met).toBeLessThanOrEqual(1_000_000);
    // What is not a pattern costs nothing to find.
    expect(matchFiles(view, '7.json', search)).toEqual(['7.json']);
  });
});

describe('files in memory', () => {
  test('are listed by directory, sorted, with what each is', () => {
    const view = memoryView(
      new Map(['b/c/2', 'b/c/1', 'b/a', 'a'].map((path) => [path, new Uint8Array()])),
    );
    expect(view.list('')).toEqual([
      { name: 'a', kind: 'file' },
      { name: 'b', kind: 'directory' },
    ]);
    expect(view.list('b')).toEqual([
      { name: 'a', kind: 'file' },
      { name: 'c', kind: 'directory' },
    ]);
    expect(view.list('b/c').map(({ name }) => name)).toEqual(['1', '2']);
    expect(view.list('nowhere')).toEqual([]);
  });
});
