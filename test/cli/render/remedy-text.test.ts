import { describe, expect, it } from 'vitest';
import { remedyText } from '../../../src/cli/render/remedy-text.ts';
import { registry } from '../../../src/cli/commands/registry.ts';
import { optionsOf } from '../../../src/cli/options/global-options.ts';
import type { ProgramName } from '../../../src/cli/program.ts';
import { readCommandLine } from '../../../src/cli/read-command-line.ts';
import {
  remedyCommands,
  remedyOptions,
  steps,
  type Remedy,
  type RemedyOption,
} from '../../../src/core/remedy.ts';

const say = (remedy: Remedy): string => remedyText(remedy, { launcher: (program) => program });

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
      { kind: 'choose', among: ['a', 'b'], meant: 'b' },
      'Did you mean "b"? Name one of these: a, b.',
    ],
    [
      { kind: 'choose', among: ['a'], meant: 'a' },
      'Did you mean "a"? It is the only one there is.',
    ],
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
    expect(remedyText(recover, { launcher: (program) => `node /x/${program}.js` })).toBe(
      'Run: node /x/identity.js recover',
    );
  });
});

describe('what the command line says exists', async () => {
  const commands = await Promise.all(registry.map(async ({ load }) => await load()));
  const defined = commands
    .flatMap(({ options }) => optionsOf(options))
    .map((option) => `--${option.name}${option.kind === 'flag' ? '' : ` ${option.value}`}`);
  it.each(remedyOptions)('the option %s, with its value', (option: RemedyOption) => {
    const [, given] = /^Run it again with (.+)\.$/.exec(say({ kind: 'option', option })) ?? [];
    expect(defined).toContain(given);
  });

  it.each(remedyCommands)('the command %s', async (name) => {
    const line = say({ kind: 'command', command: name, id: 'helper' }).slice('Run: '.length);
    const [program, ...words] = line.split(' ') as [ProgramName, ...string[]];
    const takesNone = name === 'history' || name === 'recover' || name === 'verifyHome';
    const argv = takesNone ? words.slice(0, -1) : words;
    const { command, readArguments } = await readCommandLine(program, argv, registry);
    expect(command).toBeDefined();
    expect(() => command?.prepare(readArguments())).not.toThrow();
  });
});
