import { InstallError } from '../../core/errors.ts';
import { checkIdentityId } from '../../core/identity-id.ts';

/** What a person says of a new identity. */
export interface PackOptions {
  readonly id: string;
  /** A name for people, three characters or more. */
  readonly title: string;
  /** What it does, in a sentence of eight characters or more. */
  readonly description: string;
  /** What its first task is to achieve. */
  readonly objective: string;
  readonly owner?: string;
  readonly tags?: readonly string[];
  /** Skills that it works with, beside those that create and install identities. */
  readonly skills?: readonly string[];
  /** MCP servers that it may use. */
  readonly mcpServers?: readonly string[];
  /** The time that the samples are written for. */
  readonly now: Date;
}

/** The same, checked and complete: every text on one line, every list without repeats. */
export type PackDescription = Required<PackOptions>;

/** @throws InstallError E_ID_INVALID, E_ID_RESERVED, E_CREATE_TEXT */
export function describePack(options: PackOptions): PackDescription {
  const { owner = 'unassigned', tags = [], skills = [], mcpServers = [], now } = options;
  return {
    id: checkIdentityId(options.id),
    title: text('title', options.title, 3),
    description: text('description', options.description, 8),
    objective: text('objective', options.objective, 3),
    owner: text('owner', owner, 1),
    tags: texts('tags', tags),
    skills: texts('skills', skills),
    mcpServers: texts('MCP servers', mcpServers),
    now,
  };
}

function texts(name: string, given: readonly string[]): string[] {
  return [...new Set(given.map((item) => text(name, item, 1)))];
}

function text(name: string, given: string, least: number): string {
  // Control characters, too, end up as one space: the text stands in YAML, JSON and Markdown.
  const line = given.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (Array.from(line).length >= least) return line;
  throw new InstallError('E_CREATE_TEXT', `The ${name} of a new pack is shorter than ${least}.`, {
    hint: 'Say it in your own words; it can be changed in the files afterwards.',
    details: { field: name, least },
  });
}
