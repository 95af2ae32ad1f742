import { describe, expect, it } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import { namesProgram, nameOneOf, steps, type Remedy } from '../../src/core/remedy.ts';

const secret = 'https://me:hunter2@example.org/x.git';

/** Every text of every kind holds a credential. */
const leaking: readonly Remedy[] = [
  { kind: 'advice', text: `Look at ${secret}.` },
  { kind: 'option', option: 'from', value: secret, to: `use ${secret}` },
  { kind: 'without', option: 'from', to: `avoid ${secret}` },
  { kind: 'choose', among: [secret, 'other'], option: 'from' },
  { kind: 'command', command: 'install', id: secret, home: secret, to: `have ${secret}` },
  { kind: 'undo', ref: secret, operations: [secret], home: secret, to: `undo ${secret}` },
  { kind: 'restore', what: secret },
];

describe('the remedy of an error', () => {
  it.each([...leaking, steps(...leaking, `And ${secret}.`)])(
    'holds no credential, of kind $kind',
    (remedy) => {
      const error = new InstallError('E_IO', 'It failed.', { remedy });
      expect(JSON.stringify(error.remedy)).not.toContain('hunter2');
      expect(JSON.stringify(error.remedy)).toContain('example.org');
      expect(error.remedy?.kind).toBe(remedy.kind);
    },
  );

  it('is advice where it is a text, and absent where there is none', () => {
    expect(new InstallError('E_IO', 'It failed.', { remedy: `Ask ${secret}.` }).remedy).toEqual({
      kind: 'advice',
      text: 'Ask https://***@example.org/x.git.',
    });
    expect(new InstallError('E_IO', 'It failed.').remedy).toBeUndefined();
  });
});

describe('steps', () => {
  it('leave out what is undefined and take texts for advice', () => {
    expect(steps(undefined, 'First.', { kind: 'restore', what: 'it' })).toEqual({
      kind: 'steps',
      steps: [
        { kind: 'advice', text: 'First.' },
        { kind: 'restore', what: 'it' },
      ],
    });
  });
});

describe('a choice', () => {
  it('names at most ten, and says something else where there are none', () => {
    const many = Array.from(
      { length: 12 },
      (_none, index) => `name-${String(index).padStart(2, '0')}`,
    );
    expect(nameOneOf('x', many, 'None.')).toEqual({ kind: 'choose', among: many.slice(0, 10) });
    expect(nameOneOf('nmae', ['other', 'name'], 'None.')).toEqual({
      kind: 'choose',
      among: ['name', 'other'],
      meant: 'name',
    });
    expect(nameOneOf('x', [], 'None.')).toEqual({ kind: 'advice', text: 'None.' });
  });
});

it('a command line is found among steps', () => {
  const command: Remedy = { kind: 'command', command: 'recover' };
  expect(namesProgram(steps('First.', steps(command)))).toBe(true);
  expect(namesProgram(steps('First.', { kind: 'option', option: 'wait' }))).toBe(false);
});
