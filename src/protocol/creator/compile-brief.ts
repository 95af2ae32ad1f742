import { sha256 } from '../../core/digest.ts';
import { visible } from '../../core/visible.ts';
import { member, type Members } from '../documents/members.ts';

/** What a brief is compiled from. */
export interface BriefSource {
  readonly id: string;
  /** The entry of the catalog. */
  readonly entry: Members;
  /** `CURRENT_TASK.json`, parsed; undefined if there is none. */
  readonly task: unknown;
  /** The bytes of `IDENTITY_PROMPT.md`, if it exists. */
  readonly prompt: Uint8Array | undefined;
  /** Where a reader finds the pack, and the catalogs that the entry was assembled from. */
  readonly names: { readonly pack: string; readonly catalogs: readonly string[] };
}

/** The first line of every brief. */
export const briefTitle = '# Identity Runtime Brief';

/**
 * What an agent reads at its start, in the form of the protocol's own
 * `identity/runtime/IDENTITY_COMPILED.md`. Equal sources give equal text. Nothing is invented for
 * what a source does not say, and no text of a source can look like another section or become
 * invisible.
 */
export function compileBrief({ id, entry, task, prompt, names }: BriefSource): string {
  const at =
    (...keys: readonly string[]) =>
    (value: unknown) =>
      keys.reduce<unknown>(member, value);
  const review = at('protocol_review_contract', 'must_review_sources')(task);
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Hard guardrails', texts(at('governance', 'hard_guardrails')(entry))],
    ['Current objective', texts([at('objective', 'title')(task)])],
    ['Current state', texts([at('state_machine', 'current_state')(task)])],
    ['Allowed skills', texts(at('capability_bindings', 'skills')(entry))],
    ['Allowed MCP servers', texts(at('capability_bindings', 'mcp')(entry))],
    [
      'Identity prompt activation',
      prompt === undefined
        ? []
        : [`prompt_path: ${names.pack}/IDENTITY_PROMPT.md`, `prompt_sha256: ${sha256(prompt)}`],
    ],
    ['Runtime baseline review references', list(review).flatMap(reference)],
    [
      'See source',
      [...names.catalogs, ...(task === undefined ? [] : [`${names.pack}/CURRENT_TASK.json`])],
    ],
  ];
  return [
    briefTitle,
    '',
    `Active identity: ${oneLine(id)}`,
    '',
    'This file is compiled by `identity compile`; change its sources instead.',
    ...sections.flatMap(([title, lines]) => [
      '',
      `${title}:`,
      ...(lines.length === 0 ? ['- (none)'] : lines.map((line) => `- ${oneLine(line)}`)),
    ]),
    '',
  ].join('\n');
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function texts(value: unknown): string[] {
  return list(value).filter((item) => typeof item === 'string' && oneLine(item) !== '') as string[];
}

/** A text with line breaks must not look like another section. */
function oneLine(text: string): string {
  return visible(text.replace(/[\s\p{Cc}]+/gu, ' ').trim());
}

/** A source by its signature (docs/protocol.md#protocol-review): `repo::path`, else its URL. */
function reference(source: unknown): string[] {
  const [repo, path] = [member(source, 'repo'), member(source, 'path')];
  const hasPath = typeof repo === 'string' && typeof path === 'string';
  return texts([hasPath ? `${repo}::${path}` : member(source, 'url')]);
}
