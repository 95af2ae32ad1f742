import { isMembers, member, type Members } from './documents/members.ts';
import { pointerPart } from './documents/pointer.ts';

/** The optional blocks of a catalog entry that have a fixed shape (docs/protocol.md#catalogs). */
export interface EntryBlocks {
  readonly interface?: {
    readonly displayName?: string;
    readonly shortDescription?: string;
    readonly defaultPrompt?: string;
  };
  readonly policy?: {
    readonly allowImplicitActivation?: boolean;
    readonly activationPriority?: number;
    readonly conflictResolution?: string;
  };
  readonly dependencies?: { readonly tools: readonly ToolDependency[] };
  readonly observability?: {
    readonly eventTopics: readonly string[];
    readonly requiredArtifacts: readonly string[];
  };
}

export interface ToolDependency {
  readonly type: string;
  readonly value: string;
  readonly description?: string;
}

type Invalid = (pointer: string, message: string) => void;
type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);

/** Key in the document, our key, permitted values. A block must not have other keys. */
type Shape = readonly (readonly [key: string, name: string, check: Check])[];

const shapes = {
  interface: [
    ['display_name', 'displayName', text],
    ['short_description', 'shortDescription', text],
    ['default_prompt', 'defaultPrompt', text],
  ],
  policy: [
    ['allow_implicit_activation', 'allowImplicitActivation', (v) => typeof v === 'boolean'],
    [
      'activation_priority',
      'activationPriority',
      (v) => Number.isInteger(v) && (v as number) >= 0 && (v as number) <= 100,
    ],
    [
      'conflict_resolution',
      'conflictResolution',
      oneOf('priority_then_objective', 'objective_then_priority', 'manual_review'),
    ],
  ],
  dependencies: [['tools', 'tools', Array.isArray]],
  observability: [
    ['event_topics', 'eventTopics', texts],
    ['required_artifacts', 'requiredArtifacts', texts],
  ],
} satisfies Record<keyof EntryBlocks, Shape>;

const toolShape: Shape = [
  ['type', 'type', oneOf('mcp', 'env_var', 'network', 'filesystem_scope')],
  ['value', 'value', text],
  ['description', 'description', text],
];

/** The blocks of an entry. Blocks without that shape are reported and left out. */
export function readBlocks(entry: Members, invalid: Invalid): EntryBlocks {
  const block = (key: keyof EntryBlocks): Members | undefined => {
    const value = member(entry, key);
    if (value === undefined) return undefined;
    if (isMembers(value)) return readShape(value, shapes[key], `/${key}`, invalid);
    invalid(`/${key}`, `${key} is not a mapping.`);
    return undefined;
  };
  const {
    interface: shown,
    policy,
    dependencies,
    observability,
  } = {
    interface: block('interface'),
    policy: block('policy'),
    dependencies: block('dependencies'),
    observability: block('observability'),
  };
  return {
    ...(shown && { interface: shown }),
    ...(policy && { policy }),
    ...(dependencies && { dependencies: { tools: readTools(dependencies, invalid) } }),
    ...(observability && {
      observability: { eventTopics: [], requiredArtifacts: [], ...observability },
    }),
  };
}

function readTools(dependencies: Members, invalid: Invalid): ToolDependency[] {
  const tools = dependencies['tools'];
  if (!Array.isArray(tools)) return [];
  return (tools as unknown[]).flatMap((tool, index) => {
    const at = `/dependencies/tools/${index}`;
    const read = isMembers(tool) ? readShape(tool, toolShape, at, invalid) : {};
    const { type, value, description } = read;
    if (typeof type !== 'string' || typeof value !== 'string') {
      invalid(at, 'a tool needs type and value.');
      return [];
    }
    return [{ type, value, ...(typeof description === 'string' && { description }) }];
  });
}

function readShape(value: Members, shape: Shape, at: string, invalid: Invalid): Members {
  const read = new Map<string, unknown>();
  for (const [key, given] of Object.entries(value)) {
    const [, name, check] = shape.find(([known]) => known === key) ?? [];
    const pointer = `${at}/${pointerPart(key)}`;
    if (name === undefined || check === undefined)
      invalid(pointer, `${at} has an unknown key "${key}".`);
    else if (check(given)) read.set(name, given);
    else invalid(pointer, `${key} of ${at} is not valid.`);
  }
  return Object.fromEntries(read);
}
