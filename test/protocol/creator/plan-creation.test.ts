import { describe, expect, test } from 'vitest';
import { catalogPath } from '../../../src/protocol/catalog.ts';
import { memoryView } from '../../../src/protocol/documents/file-view.ts';
import { planCreation } from '../../../src/protocol/creator/plan-creation.ts';
import { scaffoldRepository } from '../../../src/protocol/creator/scaffold-repository.ts';

const options = {
  id: 'night-watch',
  title: 'Night watch',
  description: 'Looks after the service while everybody sleeps.',
  objective: 'Find out what woke somebody up.',
  now: new Date('2026-02-22T12:00:00Z'),
};
const first = scaffoldRepository({ ...options, id: 'day-watch' });

describe('a new identity', () => {
  test('begins a repository where there is none', () => {
    const { create, replace, pack } = planCreation(memoryView(new Map()), options);
    expect(pack).toBe('identity/packs/night-watch');
    expect(replace.size).toBe(0);
    expect([...create]).toEqual([...scaffoldRepository(options)]);
  });

  test('adds its entry to the catalog that is there, and leaves schemas alone', () => {
    const edited = new Map(first).set('identity/schemas/agent.schema.json', Buffer.from('{}'));
    const { create, replace } = planCreation(memoryView(edited), options);
    expect([...replace.keys()]).toEqual([catalogPath]);
    expect(replace.get(catalogPath)?.before).toBe(first.get(catalogPath));
    expect([...create.keys()].every((path) => path.startsWith('identity/packs/night-watch/'))).toBe(
      true,
    );
  });

  test.each([
    ['bytes that are not valid UTF-8', Buffer.from('# caf\xe9\nidentities: []\n', 'latin1')],
    ['a byte order mark', Buffer.from('\ufeffidentities: []\n')],
  ])('never rewrites a catalog with %s', (_name, bytes) => {
    expect(() => planCreation(memoryView(new Map([[catalogPath, bytes]])), options)).toThrow(
      expect.objectContaining({ code: 'E_DOCUMENT_INVALID' }),
    );
  });

  test('does not go where anything is', () => {
    const files = new Map([['identity/packs/night-watch/notes.md', Buffer.from('mine')]]);
    expect(() => planCreation(memoryView(files), options)).toThrow(
      expect.objectContaining({ code: 'E_CREATE_EXISTS' }),
    );
    expect(() => planCreation(memoryView(first), { ...options, id: 'day-watch' })).toThrow(
      expect.objectContaining({ code: 'E_CREATE_EXISTS' }),
    );
  });
});
