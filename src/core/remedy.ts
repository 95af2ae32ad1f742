import { nearest, nearestFirst } from './nearest.ts';

/**
 * What the reader of an error can do next, as data. A command line and a server for agents offer the
 * same things under different names, so each surface words it for its own readers
 * (`cli/render/remedy-text.ts`, `server/mcp/remedy-text.ts`).
 *
 * Texts in here are true on every surface: they name no option, command or tool. `to` completes
 * "To …, do this": a verb and what follows it, without a period.
 */
export type Remedy =
  /** Whole sentences. */
  | { readonly kind: 'advice'; readonly text: string }
  /** Make the same request with an option. */
  | {
      readonly kind: 'option';
      readonly option: RemedyOption;
      readonly value?: string;
      /** An option to leave out at the same time. */
      readonly insteadOf?: RemedyOption;
      readonly to?: string;
    }
  /** Make the same request without an option. */
  | { readonly kind: 'without'; readonly option: RemedyOption; readonly to?: string }
  /** Name one of these, at least one: identities, or values of an option. */
  | {
      readonly kind: 'choose';
      readonly among: readonly string[];
      /** The one of them that was probably meant. */
      readonly meant?: string;
      readonly option?: RemedyOption;
    }
  /** Make another request of ours. */
  | {
      readonly kind: 'command';
      readonly command: RemedyCommand;
      /** The identity that it is about. */
      readonly id?: string;
      /** Absolute; absent for the home that the failed request was about. */
      readonly home?: string;
      readonly to?: string;
    }
  /** Undo operations of a home. */
  | {
      readonly kind: 'undo';
      /** An operation or a whole run. */
      readonly ref: string;
      /** Whether later operations that stand in the way are undone too. */
      readonly through?: boolean;
      /** What that undoes, in this order. */
      readonly operations: readonly string[];
      /** Absolute. */
      readonly home: string;
      readonly to: string;
    }
  /** Put something back from a backup of the home. */
  | { readonly kind: 'restore'; readonly what: string }
  /** Several, in the order in which to read them. */
  | { readonly kind: 'steps'; readonly steps: readonly Remedy[] };

/** Options of our requests that a remedy can name. */
export type RemedyOption = (typeof remedyOptions)[number];

export const remedyOptions = [
  'acceptMovedTag',
  'all',
  'allowDowngrade',
  'allowHttp',
  'allowWrite',
  'catalog',
  'contract',
  'from',
  'home',
  'maxDepth',
  'maxEntries',
  'maxFileBytes',
  'maxNameBytes',
  'maxTotalBytes',
  'offline',
  'path',
  'plan',
  'register',
  'release',
  'requireValid',
  'root',
  'strict',
  'timeout',
  'verbose',
  'wait',
] as const;

/** Requests of ours that a remedy can name. */
export type RemedyCommand = (typeof remedyCommands)[number];

export const remedyCommands = [
  'activate',
  'create',
  'history',
  'install',
  'recover',
  'register',
  'validate',
  'verify',
  /** Everything on record in the home, not only its identities. */
  'verifyHome',
] as const;

/** A plain text is a remedy of kind "advice". */
export type RemedyLike = Remedy | string;

export function asRemedy(remedy: RemedyLike): Remedy {
  return typeof remedy === 'string' ? { kind: 'advice', text: remedy } : remedy;
}

/** Several remedies as one; undefined ones are left out. */
export function steps(...parts: readonly (RemedyLike | undefined)[]): Remedy {
  const given = parts.filter((part) => part !== undefined).map(asRemedy);
  return { kind: 'steps', steps: given };
}

const mostNamed = 10;

/**
 * The names that could have been meant, those most like what was typed first.
 *
 * @param none what to do if there is no name to choose
 */
export function nameOneOf(typed: string, names: Iterable<string>, none: RemedyLike): Remedy {
  const among = nearestFirst(typed, names);
  if (among.length === 0) return asRemedy(none);
  const meant = nearest(typed, among);
  return {
    kind: 'choose',
    among: among.slice(0, mostNamed),
    ...(meant !== undefined && { meant }),
  };
}

/** The names that could have been meant if one is close, else what to do about a new name. */
export function nameMeantOr(
  typed: string,
  names: readonly string[],
  otherwise: RemedyLike,
): Remedy {
  return nearest(typed, names) === undefined
    ? asRemedy(otherwise)
    : nameOneOf(typed, names, otherwise);
}

/** How every surface words the choice of an identity or an operation. */
export function chooseText({ among, meant }: Extract<Remedy, { kind: 'choose' }>): string {
  if (among.length === 1) {
    return meant === undefined
      ? `Name the only one there is: ${among.join('')}.`
      : `Did you mean "${meant}"? It is the only one there is.`;
  }
  const suggestion = meant === undefined ? '' : `Did you mean "${meant}"? `;
  return `${suggestion}Name one of these: ${among.join(', ')}.`;
}

/** Whether its wording contains a command line, which depends on how this program was started. */
export function namesProgram(remedy: Remedy): boolean {
  return remedy.kind === 'steps'
    ? remedy.steps.some(namesProgram)
    : remedy.kind === 'command' || remedy.kind === 'undo';
}
