import {
  chooseText,
  type Remedy,
  type RemedyCommand,
  type RemedyOption,
} from '../../core/remedy.ts';
import type { Launcher } from '../launcher.ts';
import { rollbackCommandLine } from '../commands/rollback/command-line.ts';
import { shellWords, valueWords } from '../options/shell-words.ts';
import type { ProgramName } from '../program.ts';

/** A remedy in the words of the command line: sentences, one on each line. */
export function remedyText(remedy: Remedy, launcher: Launcher): string {
  switch (remedy.kind) {
    case 'advice':
      return remedy.text;
    case 'option': {
      const { option, value, insteadOf, to } = remedy;
      const given =
        value === undefined ? asWritten(option) : shellWords(valueWords(nameOf(option), value));
      const instead = insteadOf === undefined ? '' : ` instead of --${nameOf(insteadOf)}`;
      return to === undefined
        ? `Run it again with ${given}${instead}.`
        : `To ${to}, give ${given}${instead}.`;
    }
    case 'without': {
      const given = `--${nameOf(remedy.option)}`;
      return remedy.to === undefined
        ? `Run it again without ${given}.`
        : `To ${remedy.to}, leave ${given} out.`;
    }
    case 'choose': {
      const { among, option } = remedy;
      const name = option === undefined ? undefined : nameOf(option);
      const [first = '', second] = among;
      if (name === undefined) return chooseText(remedy);
      return second === undefined
        ? `Did you mean ${shellWords(valueWords(name, first))}?`
        : `Choose one with --${name}: ${among.join(', ')}.`;
    }
    case 'command': {
      const { command, id, home, to } = remedy;
      const { program, words, operand } = commands[command];
      const line = [
        launcher(program),
        ...words,
        ...(id === undefined ? (operand ?? []) : [shellWords([id])]),
        ...valueWords('home', home).map((word) => shellWords([word])),
      ].join(' ');
      return to === undefined ? `Run: ${line}` : `To ${to}: ${line}`;
    }
    case 'undo': {
      const { ref, through = false, home, to } = remedy;
      const words = rollbackCommandLine({ ref, through, paths: [] }, home);
      return `To ${to}: ${launcher('identity-rollback')} ${words}`;
    }
    case 'restore':
      return `Restore ${remedy.what} from a backup of the home.`;
    case 'steps':
      return remedy.steps.map((step) => remedyText(step, launcher)).join('\n');
  }
}

interface CommandWords {
  readonly program: ProgramName;
  readonly words: readonly string[];
  /** A placeholder for a value that is not known. */
  readonly operand?: readonly ['<id>'];
}

const commands: Readonly<Record<RemedyCommand, CommandWords>> = {
  activate: { program: 'identity', words: ['activate'], operand: ['<id>'] },
  create: { program: 'identity', words: ['create'], operand: ['<id>'] },
  history: { program: 'identity', words: ['history'] },
  install: { program: 'identity-install', words: [] },
  recover: { program: 'identity', words: ['recover'] },
  register: { program: 'identity', words: ['register'], operand: ['<id>'] },
  validate: { program: 'identity', words: ['validate'] },
  verify: { program: 'identity', words: ['verify'] },
  verifyHome: { program: 'identity', words: ['verify', '--all'] },
};

/** What follows the name of an option that takes a value. */
const values: Readonly<Partial<Record<RemedyOption, string>>> = {
  catalog: '<file>',
  contract: '<name>',
  from: '<source>',
  home: '<dir>',
  maxDepth: '<number>',
  maxEntries: '<number>',
  maxFileBytes: '<size>',
  maxNameBytes: '<number>',
  maxTotalBytes: '<size>',
  path: '<path>',
  release: '<selector>',
  root: '<dir>',
  timeout: '<seconds>',
  wait: '<seconds>',
};

function asWritten(option: RemedyOption): string {
  const value = values[option];
  return `--${nameOf(option)}${value === undefined ? '' : ` ${value}`}`;
}

/** `maxFileBytes` is `--max-file-bytes`. */
function nameOf(option: RemedyOption): string {
  return option.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}
