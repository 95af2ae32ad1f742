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

/** How a program is started, and on which home, in the words of the command line. */
export interface RemedyWording {
  readonly launcher: Launcher;
  /** The options that chose the home of the failed run: `['--home', '/h']`; none for the usual one. */
  readonly home?: readonly string[];
}

/** A sentence, or one that a command line follows, which must stay as it is to be pasted. */
export interface RemedyLine {
  readonly text: string;
  readonly command?: string;
}

/** A remedy in the words of the command line: sentences, one on each line. */
export function remedyText(remedy: Remedy, wording: RemedyWording): string {
  return remedyLines(remedy, wording)
    .map(({ text, command }) => (command === undefined ? text : `${text} ${command}`))
    .join('\n');
}

export function remedyLines(remedy: Remedy, wording: RemedyWording): readonly RemedyLine[] {
  switch (remedy.kind) {
    case 'steps':
      return remedy.steps.flatMap((step) => remedyLines(step, wording));
    case 'command':
      return [
        {
          text: remedy.to === undefined ? 'Run:' : `To ${remedy.to}:`,
          command: commandLine(remedy, wording),
        },
      ];
    case 'undo': {
      const { ref, through = false, home, to } = remedy;
      const words = rollbackCommandLine({ ref, through, paths: [] }, home);
      return [{ text: `To ${to}:`, command: `${wording.launcher('identity-rollback')} ${words}` }];
    }
    default:
      return sentence(remedy)
        .split('\n')
        .map((text) => ({ text }));
  }
}

function commandLine(
  { command, id, home }: Extract<Remedy, { kind: 'command' }>,
  { launcher, home: ofRun = [] }: RemedyWording,
): string {
  const { program, words, operand, anyHome = false } = commands[command];
  const place = home === undefined ? (anyHome ? [] : ofRun) : valueWords('home', home);
  return [
    launcher(program),
    ...words,
    ...(id === undefined ? (operand ?? []) : [shellWords([id])]),
    ...place.map((word) => shellWords([word])),
  ].join(' ');
}

function sentence(remedy: Exclude<Remedy, { kind: 'steps' | 'command' | 'undo' }>): string {
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
    case 'restore':
      return `Restore ${remedy.what} from a backup of the home.`;
  }
}

interface CommandWords {
  readonly program: ProgramName;
  readonly words: readonly string[];
  /** A placeholder for a value that is not known. */
  readonly operand?: readonly ['<id>'];
  /** Whether it has nothing to do with a home. */
  readonly anyHome?: true;
}

const commands: Readonly<Record<RemedyCommand, CommandWords>> = {
  activate: { program: 'identity', words: ['activate'], operand: ['<id>'] },
  create: { program: 'identity', words: ['create'], operand: ['<id>'], anyHome: true },
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
