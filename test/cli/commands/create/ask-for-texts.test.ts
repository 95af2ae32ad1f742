import { describe, expect, test } from 'vitest';
import { askForTexts } from '../../../../src/cli/commands/create/ask-for-texts.ts';
import { InstallError } from '../../../../src/core/errors.ts';

const nothing = { tags: [], skills: [], mcpServers: [], makeDefault: false };
const all = {
  id: 'night-watch',
  title: 'Night watch',
  description: 'Looks after the service.',
  objective: 'Find out what woke somebody up.',
};

/** A person who types these lines, one after the other, and then ends the input. */
function person(...lines: string[]) {
  const heard: string[] = [];
  const ask = async (question: string, problemWith?: (answer: string) => string | undefined) => {
    heard.push(question);
    for (;;) {
      const line = lines.shift();
      if (line === undefined) return undefined;
      const problem = problemWith?.(line);
      if (problem === undefined) return line;
      heard.push(problem);
    }
  };
  return { ask, heard };
}

describe('what a new pack must say of itself', () => {
  test('is asked for in order, where it was not given', async () => {
    const { ask, heard } = person(all.title, all.objective);
    const { id, description } = all;
    expect(await askForTexts({ ...nothing, id, description }, ask)).toEqual({ ...nothing, ...all });
    expect(heard).toEqual([
      'Title, a name for people [Night watch]:',
      'Objective, what its first task is to achieve:',
    ]);
  });

  test('is not asked for when all of it was given', async () => {
    const { ask, heard } = person();
    expect(await askForTexts({ ...nothing, ...all }, ask)).toEqual({ ...nothing, ...all });
    expect(heard).toEqual([]);
  });

  test('is asked for again, with the reason, until the answer can be used', async () => {
    const { ask, heard } = person(
      ...['', 'Night', 'catalog', 'night-watch'],
      ...['x', ''],
      ...['', 'short', 'a \u202etrick', all.description],
      ...['', all.objective],
    );
    expect(await askForTexts(nothing, ask)).toEqual({ ...nothing, ...all });
    expect(heard).toEqual([
      'Id, lower-case letters, digits and dashes:',
      expect.stringContaining('"" is not a valid identity id'),
      expect.stringContaining('"Night" is not a valid identity id'),
      expect.stringContaining('catalog'),
      'Title, a name for people [Night watch]:',
      'The title of a new pack is shorter than 3 characters.',
      'Description, what it does, in a sentence:',
      'The description of a new pack is shorter than 8 characters.',
      'The description of a new pack is shorter than 8 characters.',
      expect.stringContaining('U+202E'),
      'Objective, what its first task is to achieve:',
      'The objective of a new pack is shorter than 3 characters.',
    ]);
  });

  test('has no title suggested by an id that is too short for one', async () => {
    const { ask, heard } = person('ab', '', 'A title');
    await expect(askForTexts(nothing, ask)).rejects.toThrow(InstallError);
    expect(heard.slice(1, 3)).toEqual([
      'Title, a name for people:',
      'The title of a new pack is shorter than 3 characters.',
    ]);
  });

  test.each([
    ['nobody can be asked', undefined, ['id', 'title', 'description', 'objective']],
    ['the input ends at once', person().ask, ['id', 'title', 'description', 'objective']],
    ['the input ends later', person('night-watch', '').ask, ['description', 'objective']],
  ])('is named, all that is missing at once, when %s', async (_when, ask, missing) => {
    const typed: Record<string, string> = { id: '<id>' };
    const shown = missing.map((name) => typed[name] ?? `--${name} "…"`).join(' ');
    await expect(askForTexts(nothing, ask)).rejects.toMatchObject({
      code: 'E_USAGE',
      message: `A new pack needs more than that: ${shown}.`,
      details: { missing },
    });
  });

  test.each([
    [{ id: 'Night' }, 'E_ID_INVALID'],
    [{ id: 'night-watch', objective: '\n' }, 'E_CREATE_TEXT'],
  ])('is refused before any question where it was given: %j', async (given, code) => {
    const { ask, heard } = person();
    await expect(askForTexts({ ...nothing, ...given }, ask)).rejects.toMatchObject({ code });
    expect(heard).toEqual([]);
  });

  test('is never made up when a person breaks off', async () => {
    const ask = () => Promise.reject(new InstallError('E_INTERRUPTED', 'Not answered.'));
    await expect(askForTexts(nothing, ask)).rejects.toMatchObject({ code: 'E_INTERRUPTED' });
  });
});
