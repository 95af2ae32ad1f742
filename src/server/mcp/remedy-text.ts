import {
  chooseText,
  type Remedy,
  type RemedyCommand,
  type RemedyOption,
} from '../../core/remedy.ts';
import { sentence } from './sentence.ts';

/** The `hint` of an answer: a remedy in words, or null without one. */
export function hintOf(remedy: Remedy | undefined): string | null {
  return remedy === undefined ? null : remedyText(remedy);
}

/**
 * A remedy in the words of the Model Context Protocol: tools and their arguments, and a person where
 * this server offers nothing.
 */
export function remedyText(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'advice':
      return remedy.text;
    case 'option':
      return adviceTo(remedy.to, withOption(places[remedy.option], remedy.value));
    case 'without':
      return adviceTo(remedy.to, withoutOption(places[remedy.option]));
    case 'choose': {
      const { among, option } = remedy;
      const place = option && places[option];
      if (place?.kind !== 'argument') return chooseText(remedy);
      const [first = '', second] = among;
      return second === undefined
        ? `Did you mean "${place.argument}"${valueOf(place.takes, first)}?`
        : `Choose one as "${place.argument}": ${among.join(', ')}.`;
    }
    case 'command':
      return adviceTo(remedy.to, commands[remedy.command](remedy));
    case 'undo': {
      const { ref, operations } = remedy;
      const which =
        operations.length > 1
          ? `once for each of these as "ref", in this order: ${operations.join(', ')}`
          : `with "ref": "${operations[0] ?? ref}"`;
      return adviceTo(remedy.to, `call \`identity_rollback\` ${which}`);
    }
    case 'restore':
      return `A person has to restore ${remedy.what} from a backup of the home.`;
    case 'steps':
      return remedy.steps.map(remedyText).join(' ');
  }
}

function adviceTo(to: string | undefined, clause: string): string {
  return sentence(to === undefined ? clause : `to ${to}, ${clause}`);
}

/** The place of an option on this surface. */
type Place =
  | {
      readonly kind: 'argument';
      readonly tool: string;
      readonly argument: string;
      /** A flag is given as `true`; of a list, one item is given. */
      readonly takes: 'flag' | 'text' | 'list';
    }
  /** An option that a person starts this server with. */
  | { readonly kind: 'server'; readonly option: string }
  /** Only the command line has it. */
  | { readonly kind: 'command-line'; readonly option: string }
  /** Another way leads to the same. */
  | { readonly kind: 'otherwise'; readonly clause: string };

const argument = (
  tool: string,
  name: string,
  takes: Extract<Place, { kind: 'argument' }>['takes'],
): Place => ({ kind: 'argument', tool, argument: name, takes });
const ofServer = (option: string): Place => ({ kind: 'server', option });
const onCommandLine = (option: string): Place => ({ kind: 'command-line', option });

/** A test checks that each tool has the argument that is named here. */
export const places: Readonly<Record<RemedyOption, Place>> = {
  acceptMovedTag: onCommandLine('accept-moved-tag'),
  all: { kind: 'otherwise', clause: 'call `identity_plan_install` once for each of them' },
  allowDowngrade: argument('identity_plan_install', 'allow_downgrade', 'flag'),
  allowHttp: onCommandLine('allow-http'),
  allowWrite: ofServer('allow-write'),
  catalog: onCommandLine('catalog'),
  contract: argument('identity_validate', 'contracts', 'list'),
  from: argument('identity_plan_install', 'from', 'text'),
  home: ofServer('home'),
  maxDepth: onCommandLine('max-depth'),
  maxEntries: onCommandLine('max-entries'),
  maxFileBytes: onCommandLine('max-file-bytes'),
  maxNameBytes: onCommandLine('max-name-bytes'),
  maxTotalBytes: onCommandLine('max-total-bytes'),
  offline: argument('identity_plan_install', 'offline', 'flag'),
  path: argument('identity_rollback', 'paths', 'list'),
  plan: {
    kind: 'otherwise',
    clause: 'call `identity_plan_install`, or `identity_rollback` with "ref" alone',
  },
  register: argument('identity_plan_install', 'register', 'flag'),
  release: argument('identity_plan_install', 'release', 'text'),
  requireValid: argument('identity_plan_install', 'require_valid', 'flag'),
  root: argument('identity_validate', 'root', 'text'),
  strict: argument('identity_plan_install', 'strict', 'flag'),
  timeout: onCommandLine('timeout'),
  verbose: onCommandLine('verbose'),
  wait: ofServer('wait'),
};

function withOption(place: Place, value: string | undefined): string {
  switch (place.kind) {
    case 'argument': {
      const { tool, argument: name, takes } = place;
      return `call \`${tool}\` with "${name}"${valueOf(takes, value)}`;
    }
    case 'server':
      return `a person has to start this server with its option \`${place.option}\``;
    case 'command-line':
      return `a person has to use the command line, with its option \`${place.option}\``;
    case 'otherwise':
      return place.clause;
  }
}

function valueOf(
  takes: Extract<Place, { kind: 'argument' }>['takes'],
  value: string | undefined,
): string {
  if (takes === 'flag') return ': true';
  if (value === undefined) return '';
  return takes === 'list' ? `: ["${value}"]` : `: "${value}"`;
}

function withoutOption(place: Place): string {
  switch (place.kind) {
    case 'argument':
      return `call \`${place.tool}\` without "${place.argument}"`;
    case 'server':
      return `a person has to start this server without its option \`${place.option}\``;
    case 'command-line':
      return `a person has to use the command line, without its option \`${place.option}\``;
    case 'otherwise':
      return `do not ${place.clause}`;
  }
}

type Subject = Pick<Extract<Remedy, { kind: 'command' }>, 'id' | 'home'>;

const commands: Readonly<Record<RemedyCommand, (subject: Subject) => string>> = {
  activate: ({ id }) =>
    `call \`identity_plan_install\`${withId(id)}${id === undefined ? ' with' : ' and'} "activate": true`,
  create: byPerson('run `identity create`'),
  history: () => 'call `identity_status`',
  install: ({ id }) =>
    `call \`identity_plan_install\`${withId(id)} and pass its planDigest to \`identity_install\``,
  recover: byPerson('run `identity recover`'),
  register: byPerson('run `identity register`'),
  validate: ({ id }) => `call \`identity_validate\`${withIds(id)}`,
  verify: ({ id }) => `call \`identity_verify\`${withIds(id)}`,
  verifyHome: byPerson('verify the whole home'),
};

function withId(id: string | undefined): string {
  return id === undefined ? '' : ` with "id": "${id}"`;
}

function withIds(id: string | undefined): string {
  return id === undefined ? '' : ` with "ids": ["${id}"]`;
}

function byPerson(what: string): (subject: Subject) => string {
  return ({ id, home }) => {
    const which = id === undefined ? '' : `, for ${id}`;
    const where = home === undefined ? '' : `, in the home ${home}`;
    return `a person has to ${what} on the command line${which}${where}`;
  };
}
