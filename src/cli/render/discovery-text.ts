import { printable } from '../../core/printable.ts';
import type { Activation } from '../../protocol/discovery/activate.ts';
import type { DiscoveredIdentity } from '../../protocol/discovery/list-identities.ts';
import type { Listing, ListingError, ListResult } from '../../protocol/discovery/listing.ts';
import {
  leastScore,
  type Match,
  type MatchResult,
} from '../../protocol/discovery/match-identities.ts';
import { alignColumns, clip } from './columns.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { textOf } from './sections.ts';
import type { Style } from './style.ts';

/** One table for each directory, the default marked, and below it what could not be used. */
export function renderList({ data }: ListResult, context: RenderContext): string {
  const { style, options, columns } = context;
  const sections = data.flatMap((listing) => {
    const problems = errorLines(listing.errors, style);
    if (options.quiet) return [problems];
    return [[style.strong(printable(listing.cwd)), ...table(listing, columns)], problems];
  });
  const nothing = data.every(({ identities, errors }) => identities.length + errors.length === 0);
  return textOf(nothing && !options.quiet ? [...sections, firstSteps(context)] : sections);
}

/** For whoever has none yet, or looks in the wrong place. */
function firstSteps({ launcher }: RenderContext): string[] {
  return [
    'To install the built-in one, to write your own, or to look in other places:',
    `  ${launcher('identity-install')}`,
    `  ${launcher('identity')} create`,
    `  ${launcher('identity')} list --root <dir>`,
  ].map(printable);
}

/** Room for a title beside the rest; without it the packs are left out, which `identity show` has. */
const leastTitle = 16;

/** On a terminal no line is wider than that. */
function table({ identities, defaultIdentity }: Listing, columns = Infinity): string[] {
  if (identities.length === 0) return ['  No identities.'];
  const rows = identities.map(({ id, title, status, policy, packPath }) => [
    `${id === defaultIdentity ? '*' : ' '} ${printable(id)}`,
    status,
    String(policy.activationPriority),
    printable(packPath),
    printable(title),
  ]);
  const all = [['  id', 'status', 'priority', 'pack', 'title'], ...rows];
  const untitled = alignColumns(all.map((row) => row.slice(0, -1)));
  const isRoomy = untitled.every((line) => line.length + leastTitle <= columns);
  const shown = isRoomy ? all : all.map((row) => row.toSpliced(3, 1));
  const lines = alignColumns(shown, ['left', 'left', 'right']).map((line) => clip(line, columns));
  return defaultIdentity === null ? lines : [...lines, '', '* the default identity'];
}

function errorLines(errors: readonly ListingError[], style: Style): string[] {
  return errors.map(({ code, message, severity }) => {
    const mark = severity === 'error' ? style.bad('error') : style.warning('warn');
    return `${mark}[${code}]: ${printable(message)}`;
  });
}

interface Shown {
  readonly isDefault: boolean;
  readonly identity: DiscoveredIdentity;
}

/** Everything about one identity. */
export function renderShow({ isDefault, identity }: Shown, { style }: RenderContext): string {
  const { id, title, description, status, policy, dependencies, tags, directory } = identity;
  const { displayName, shortDescription, defaultPrompt } = identity.interface;
  const shown = (text: string | undefined): string | null =>
    text === undefined || text === '' ? null : printable(text);
  const tools = dependencies.tools.map(({ type, value, description: why = '' }) =>
    printable(`  ${type}  ${value}${why === '' ? '' : `  ${why}`}`),
  );
  return textOf([
    [`${style.strong(printable(id))}  ${printable(title)}`],
    factLines(
      [
        ['Status', `${status}${isDefault ? ', the default' : ''}`],
        ['Description', shown(description)],
        ['Shown as', shown(displayName)],
        ['In short', shown(shortDescription)],
        ['Prompt', shown(defaultPrompt)],
        ['Tags', shown(tags.join(', '))],
        ['Implicit', policy.allowImplicitActivation ? 'allowed' : 'not allowed'],
        ['Priority', String(policy.activationPriority)],
        ['Conflicts', policy.conflictResolution],
        ['Pack', printable(directory)],
      ],
      style,
    ),
    tools.length === 0 ? [] : ['Needs', ...tools],
  ]);
}

interface Matched extends MatchResult {
  readonly activated: Omit<Activation, 'match'>;
  readonly errors: readonly ListingError[];
}

const deciders: Readonly<Record<Activation['by'], string>> = {
  explicit: 'it was selected explicitly',
  default: 'it is the default of the project',
  implicit: 'it matches the objective',
  none: 'nothing decides',
};

const reasons: Readonly<Record<Match['reason'], string>> = {
  eligible: '',
  'not-enabled': 'not active',
  'implicit-activation-off': 'only by explicit selection',
  'too-different': 'too different',
};

/** Who matches how well and by which words; then who would be activated. */
export function renderMatch(result: Matched, { style, options }: RenderContext): string {
  const { matches, activated, conflictResolution, errors } = result;
  const rows = matches.map(({ id, score, priority, reason, terms }) => [
    `${id === activated.id ? '*' : ' '} ${printable(id)}`,
    score.toFixed(2),
    String(priority),
    [reasons[reason], printable(terms.slice(0, 8).map(wordOf).join(' '))]
      .filter((text) => text !== '')
      .join(': '),
  ]);
  const head = ['  id', 'score', 'priority', 'why'];
  const why = conflictResolution === null ? '' : ` (${printable(conflictResolution)})`;
  const decision =
    activated.id === null
      ? `No identity would be activated: ${noneBecause(result)}.`
      : `${style.strong(printable(activated.id))} would be activated: ${deciders[activated.by]}${activated.by === 'implicit' ? why : ''}.`;
  return textOf([
    options.quiet || matches.length === 0
      ? []
      : alignColumns([head, ...rows], ['left', 'right', 'right']),
    [decision],
    errorLines(errors, style),
  ]);
}

function wordOf({ term, by }: Match['terms'][number]): string {
  return term === by ? term : `${term}~${by}`;
}

function noneBecause({ activated, conflictResolution, matches }: Matched): string {
  if (activated.by === 'default') return 'the default of the project is not active';
  if (activated.by === 'explicit') return 'the one that was selected is not active';
  if (conflictResolution === 'manual_review') return 'several match, and people have to decide';
  if (matches.length === 0) return 'there is none';
  return matches.some(({ score }) => score >= leastScore)
    ? 'what is like the objective is not active, or has to be selected explicitly'
    : 'none is like the objective';
}
