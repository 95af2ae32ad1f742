import { describe, expect, it } from 'vitest';
import { remedyCommands, remedyOptions, steps, type Remedy } from '../../../src/core/remedy.ts';
import { places, remedyText } from '../../../src/server/mcp/remedy-text.ts';
import { tools } from '../../../src/server/mcp/tools/registry.ts';

const ref = '20261120-235959-3f9a1c';
const undo = { kind: 'undo', ref, operations: [ref], home: '/home', to: 'undo it' } as const;

describe('the server says', () => {
  it.each<[Remedy, string]>([
    [{ kind: 'advice', text: 'Free some space.' }, 'Free some space.'],
    [
      { kind: 'option', option: 'from', to: 'use another source' },
      'To use another source, call `identity_plan_install` with "from".',
    ],
    [
      { kind: 'option', option: 'release', value: 'v1.0.0' },
      'Call `identity_plan_install` with "release": "v1.0.0".',
    ],
    [
      { kind: 'option', option: 'offline', to: 'use what is in the cache' },
      'To use what is in the cache, call `identity_plan_install` with "offline": true.',
    ],
    [
      { kind: 'option', option: 'wait', to: 'wait for it' },
      'To wait for it, a person has to start this server with its option `wait`.',
    ],
    [
      { kind: 'option', option: 'timeout', to: 'give it more time' },
      'To give it more time, a person has to use the command line, with its option `timeout`.',
    ],
    [
      { kind: 'option', option: 'plan', insteadOf: 'path', to: 'see it' },
      'To see it, call `identity_plan_install`, or `identity_rollback` with "ref" alone.',
    ],
    [
      { kind: 'without', option: 'requireValid', to: 'install it' },
      'To install it, call `identity_plan_install` without "require_valid".',
    ],
    [{ kind: 'choose', among: ['a', 'b'] }, 'Name one of these: a, b.'],
    [
      { kind: 'choose', option: 'release', among: ['v1', 'v2'] },
      'Choose one as "release": v1, v2.',
    ],
    [{ kind: 'choose', option: 'path', among: ['a'] }, 'Did you mean "paths": ["a"]?'],
    [
      { kind: 'command', command: 'install', id: 'helper', to: 'install it' },
      'To install it, call `identity_plan_install` with "id": "helper" and pass its planDigest to `identity_install`.',
    ],
    [
      { kind: 'command', command: 'recover', home: '/home', to: 'settle it' },
      'To settle it, a person has to run `identity recover` on the command line, in the home /home.',
    ],
    [
      { kind: 'command', command: 'verifyHome' },
      'A person has to verify the whole home on the command line.',
    ],
    [
      { kind: 'command', command: 'activate', to: 'make one the default' },
      'To make one the default, call `identity_plan_install` with "activate": true.',
    ],
    [undo, `To undo it, call \`identity_rollback\` with "ref": "${ref}".`],
    [
      { ...undo, through: true, operations: ['b', 'a'] },
      'To undo it, call `identity_rollback` once for each of these as "ref", in this order: b, a.',
    ],
    [
      { kind: 'restore', what: 'the ledger' },
      'A person has to restore the ledger from a backup of the home.',
    ],
    [
      steps('First.', { kind: 'restore', what: 'it' }),
      'First. A person has to restore it from a backup of the home.',
    ],
  ])('%j as %j', (remedy, words) => {
    expect(remedyText(remedy)).toBe(words);
  });
});

describe('the words of the server', () => {
  const every: Remedy[] = [
    ...remedyOptions.flatMap((option): Remedy[] => [
      { kind: 'option', option, to: 'go on' },
      { kind: 'option', option, value: 'x', insteadOf: option },
      { kind: 'without', option, to: 'go on' },
      { kind: 'choose', option, among: ['a'] },
      { kind: 'choose', option, among: ['a', 'b'] },
    ]),
    ...remedyCommands.flatMap((command): Remedy[] => [
      { kind: 'command', command },
      { kind: 'command', command, id: 'helper', home: '/home', to: 'go on' },
    ]),
    undo,
    { ...undo, through: true, operations: ['b', 'a'] },
    { kind: 'restore', what: 'it' },
  ];

  it('name no option as the command line writes it', () => {
    expect(every.map(remedyText).filter((text) => text.includes('--'))).toEqual([]);
  });

  it('are whole sentences', () => {
    expect(every.map(remedyText).filter((text) => !/^[A-Z].*[.?]$/.test(text))).toEqual([]);
  });

  it('name only tools that there are', () => {
    const known = tools.map(({ name }) => name);
    const named = every.flatMap((remedy) => remedyText(remedy).match(/identity_\w+/g) ?? []);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each(Object.values(places).flatMap((place) => (place.kind === 'argument' ? [place] : [])))(
    '$tool takes $argument',
    ({ tool, argument, takes }) => {
      const schema = tools.find(({ name }) => name === tool)?.inputSchema.properties[argument];
      const type = { flag: 'boolean', text: 'string', list: 'array' }[takes];
      expect(schema).toMatchObject({ type });
    },
  );
});
