import { InstallError } from '../../core/errors.ts';
import { createHiddenTextScan } from '../../core/hidden-text.ts';
import { checkIdentityId } from '../../core/identity-id.ts';

/** What a user says about a new identity. */
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
  /** Skills that it works with, besides those that create and install identities. */
  readonly skills?: readonly string[];
  /** MCP servers that it may use. */
  readonly mcpServers?: readonly string[];
  /** The time that the samples are written for. */
  readonly now: Date;
}

/** The same, checked and complete: every text on one line, every list without repeats. */
export type PackDescription = Required<PackOptions>;

/** The texts that the user writes, and their permitted lengths. */
const lengths = {
  title: [3, 200],
  description: [8, 2_000],
  objective: [3, 4_000],
  owner: [1, 200],
  tag: [1, 200],
  skill: [1, 200],
  'MCP server': [1, 200],
} as const;

/** @throws InstallError E_ID_INVALID, E_ID_RESERVED, E_CREATE_TEXT */
export function describePack(options: PackOptions): PackDescription {
  const { owner = 'unassigned', tags = [], skills = [], mcpServers = [], now } = options;
  return {
    id: checkIdentityId(options.id),
    title: checkPackText('title', options.title),
    description: checkPackText('description', options.description),
    objective: checkPackText('objective', options.objective),
    owner: checkPackText('owner', owner),
    tags: checkEach('tag', tags),
    skills: checkEach('skill', skills),
    mcpServers: checkEach('MCP server', mcpServers),
    now,
  };
}

/**
 * One of the texts, on one line. A control character also becomes a space, because the text is used
 * in YAML, JSON and Markdown. Characters that no person would see in these are refused, because an
 * agent reads them.
 *
 * @throws InstallError E_CREATE_TEXT
 */
export function checkPackText(field: keyof typeof lengths, given: string): string {
  const line = given.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const [least, most] = lengths[field];
  const length = Array.from(line).length;
  if (length < least) {
    return wrong(
      field,
      `is shorter than ${least} characters`,
      'Say it in your own words; it can be changed later.',
    );
  }
  if (length > most) {
    return wrong(
      field,
      `is longer than ${most} (${length})`,
      'Say the rest in IDENTITY_PROMPT.md.',
    );
  }
  const hidden = hiddenIn(line);
  if (hidden === undefined) return line;
  return wrong(
    field,
    `holds ${hidden}`,
    'Remove the hidden characters: people do not see them, but agents read them.',
  );
}

function checkEach(field: keyof typeof lengths, given: readonly string[]): string[] {
  return [...new Set(given.map((item) => checkPackText(field, item)))];
}

function hiddenIn(line: string): string | undefined {
  if (line.includes('<!--')) return 'a comment ("<!--")';
  const scan = createHiddenTextScan('text.txt');
  scan.push(new TextEncoder().encode(line));
  return scan.end()[0]?.message;
}

function wrong(field: string, problem: string, remedy: string): never {
  throw new InstallError('E_CREATE_TEXT', `The ${field} of a new pack ${problem}.`, {
    remedy,
    details: { field },
  });
}
