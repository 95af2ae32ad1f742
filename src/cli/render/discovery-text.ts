import { printable } from '../../core/printable.ts';
import type { Activation } from '../../protocol/discovery/activate.ts';
import type { DiscoveredIdentity } from '../../protocol/discovery/list-identities.ts';
import type { Listing, ListingError, ListResult } from '../../protocol/discovery/listing.ts';
import {
  leastScore,
  type Match,
  type MatchResult,
} from '../../protocol/discovery/match-identities.ts';
import type { Layout } from '../layout/layout.ts';
import { fixed, hanging, type Line } from '../layout/lines.ts';
import { tableLines, type Column } from '../layout/table.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { textOf } from './sections.ts';
import type { Style } from './style.ts';

/** One table for each directory, the default marked, and below it what could not be used. */
export function renderList({ data }: ListResult, context: RenderContext): string {
  const { style, options, layout } = context;
  const sections = data.flatMap((listing) => {
    const problems = errorLines(listing.errors, style);
    if (options.quiet) return [problems];
    return [[fixed(style.strong(printable(listing.cwd))), ...table(listing, layout)], problems];
  });
  const nothing = data.every(({ identities, errors }) => identities.length + errors.length === 0);
  return textOf(nothing && !options.quiet ? [...sections, firstSteps(context)] : sections, layout);
}

/** For users without an identity, or in the wrong place. */
function firstSteps({ launcher }: RenderContext): Line[] {
  const commands = [
    launcher('identity-install'),
    `${launcher('identity')} create`,
    `${launcher('identity')} list --root <dir>`,
  ];
  return [
    'To install the built-in one, to write your own, or to search other places:',
    ...commands.map((command) => fixed(`  ${printable(command)}`)),
  ];
}

/** Without the packs if the terminal is too narrow; `identity show` shows them. */
function table({ identities, defaultIdentity }: Listing, layout: Layout): Line[] {
  if (identities.length === 0) return ['  No identities.'];
  const lines = tableLines(
    {
      columns: [
        { title: '  id' },
        { title: 'status' },
        { title: 'priority', align: 'right' },
        { title: 'pack', fit: 'middle', least: Infinity, optional: true },
        { title: 'title', fit: 'end' },
      ],
      rows: identities.map(({ id, title, status, policy, packPath }) => [
        `${id === defaultIdentity ? '*' : ' '} ${printable(id)}`,
        status,
        String(policy.activationPriority),
        printable(packPath),
        printable(title),
      ]),
      paintTitles: (line) => line,
    },
    layout,
  );
  return defaultIdentity === null ? lines : [...lines, '', '* the default identity'];
}

function errorLines(errors: readonly ListingError[], style: Style): Line[] {
  return errors.map(({ code, message, severity }) => {
    const mark = severity === 'error' ? style.bad('error') : style.warning('warn');
    return hanging(`${mark}[${code}]: ${printable(message)}`);
  });
}

interface Shown {
  readonly isDefault: boolean;
  readonly identity: DiscoveredIdentity;
}

/** Everything about one identity. */
export function renderShow({ isDefault, identity }: Shown, context: RenderContext): string {
  const { style, layout } = context;
  const { id, title, description, status, policy, dependencies, tags, directory } = identity;
  const { displayName, shortDescription, defaultPrompt } = identity.interface;
  const shown = (text: string | undefined): string | null =>
    text === undefined || text === '' ? null : printable(text);
  const tools = tableLines(
    {
      columns: [{}, {}, { fit: 'words' }],
      rows: dependencies.tools.map(({ type, value, description: why = '' }) =>
        [`  ${type}`, value, why].map(printable),
      ),
    },
    layout,
  );
  return textOf(
    [
      [hanging(`${style.strong(printable(id))}  ${printable(title)}`)],
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
          ['Pack', printable(directory), 'whole'],
        ],
        context,
      ),
      tools.length === 0 ? [] : ['Needs', ...tools],
    ],
    layout,
  );
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

/** How well each identity matches and by which words; then which one would be activated. */
export function renderMatch(result: Matched, { style, options, layout }: RenderContext): string {
  const { matches, activated, conflictResolution, errors } = result;
  const rows = matches.map(({ id, score, priority, reason, terms }) => [
    `${id === activated.id ? '*' : ' '} ${printable(id)}`,
    score.toFixed(2),
    String(priority),
    [reasons[reason], printable(terms.slice(0, 8).map(wordOf).join(' '))]
      .filter((text) => text !== '')
      .join(': '),
  ]);
  const why = conflictResolution === null ? '' : ` (${printable(conflictResolution)})`;
  const decision =
    activated.id === null
      ? `No identity would be activated: ${noneBecause(result)}.`
      : `${style.strong(printable(activated.id))} would be activated: ${deciders[activated.by]}${activated.by === 'implicit' ? why : ''}.`;
  return textOf(
    [
      options.quiet || matches.length === 0 ? [] : matchTable(rows, layout),
      [decision],
      errorLines(errors, style),
    ],
    layout,
  );
}

function matchTable(rows: readonly (readonly string[])[], layout: Layout): Line[] {
  const columns: Column[] = [
    { title: '  id' },
    { title: 'score', align: 'right' },
    { title: 'priority', align: 'right' },
    { title: 'why', fit: 'words' },
  ];
  return tableLines({ columns, rows, paintTitles: (line) => line }, layout);
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
    ? 'those that match the objective are not active, or have to be selected explicitly'
    : 'none matches the objective';
}
