import { describe, expect, it } from 'vitest';
import { remedyText } from '../../../src/cli/render/remedy-text.ts';
import { commandOptions } from '../../../src/cli/options/identity-options.ts';
import { installOptions } from '../../../src/cli/options/install-options.ts';
import { parse } from '../../../src/cli/options/parse.ts';
import { rollbackOptions } from '../../../src/cli/options/rollback-options.ts';
import {
  remedyCommands,
  remedyOptions,
  steps,
  type Remedy,
  type RemedyOption,
} from '../../../src/core/remedy.ts';

const say = (remedy: Remedy): string => remedyText(remedy, (program) => program);

describe('the command line says', () => {
  const ref = '20261120-235959-3f9a1c';
  const undo = { kind: 'undo', ref, operations: [ref], home: '/my home', to: 'undo it' } as const;
  it.each<[Remedy, string]>([
    [{ kind: 'advice', text: 'Free some space.' }, 'Free some space.'],
    [
      { kind: 'option', option: 'wait', to: 'wait for it' },
      'To wait for it, give --wait <seconds>.',
    ],
    [{ kind: 'option', option: 'from', value: 'a b' }, "Run it again with --from 'a b'."],
    [
      { kind: 'option', option: 'plan', insteadOf: 'path', to: 'see it' },
      'To see it, give --plan instead of --path.',
    ],
    [
      { kind: 'option', option: 'maxFileBytes', to: 'accept it' },
      'To accept it, give --max-file-bytes <size>.',
    ],
    [{ kind: 'without', option: 'requireValid' }, 'Run it again without --require-valid.'],
    [{ kind: 'without', option: 'offline', to: 'fetch it' }, 'To fetch it, leave --offline out.'],
    [{ kind: 'choose', among: ['a', 'b'] }, 'Name one of these: a, b.'],
    [{ kind: 'choose', among: ['a'] }, 'Name the only one there is: a.'],
    [
      { kind: 'choose', option: 'release', among: ['v1', 'v2'] },
      'Choose one with --release: v1, v2.',
    ],
    [{ kind: 'choose', option: 'path', among: ['a b'] }, "Did you mean --path 'a b'?"],
    [{ kind: 'command', command: 'recover' }, 'Run: identity recover'],
    [
      { kind: 'command', command: 'install', id: 'helper', to: 'install it' },
      'To install it: identity-install helper',
    ],
    [
      { kind: 'command', command: 'verifyHome', home: '/my home', to: 'check it' },
      "To check it: identity verify --all --home '/my home'",
    ],
    [{ kind: 'command', command: 'create', to: 'make one' }, 'To make one: identity create <id>'],
    [undo, `To undo it: identity-rollback ${ref} --home '/my home'`],
    [
      { ...undo, through: true },
      `To undo it: identity-rollback ${ref} --home '/my home' --through`,
    ],
    [{ kind: 'restore', what: 'the ledger' }, 'Restore the ledger from a backup of the home.'],
    [
      steps('First.', { kind: 'restore', what: 'it' }),
      'First.\nRestore it from a backup of the home.',
    ],
  ])('%j as %j', (remedy, words) => {
    expect(say(remedy)).toBe(words);
  });

  it('how this program is started, where it says what to type', () => {
    const recover: Remedy = { kind: 'command', command: 'recover' };
    expect(remedyText(recover, (program) => `node /x/${program}.js`)).toBe(
      'Run: node /x/identity.js recover',
    );
  });
});

describe('what the command line says exists', () => {
  const groups = [...installOptions, ...rollbackOptions, ...Object.values(commandOptions).flat()];
  const defined = groups
    .flatMap(({ options }) => options)
    .map((option) => `--${option.name}${option.kind === 'flag' ? '' : ` ${option.value}`}`);
  it.each(remedyOptions)('the option %s, with its value', (option: RemedyOption) => {
    const [, given] = /^Run it again with (.+)\.$/.exec(say({ kind: 'option', option })) ?? [];
    expect(defined).toContain(given);
  });

  it.each(remedyCommands)('the command %s', (command) => {
    const line = say({ kind: 'command', command, id: 'helper' }).slice('Run: '.length);
    const [program = '', ...words] = line.split(' ');
    const takesNone = command === 'history' || command === 'recover' || command === 'verifyHome';
    const argv = takesNone ? words.slice(0, -1) : words;
    expect(() => parse(program as 'identity', argv)).not.toThrow();
  });
});
