import schema from '../../../schemas/contracts/rulebook.schema.json' with { type: 'json' };
import { documentText } from '../../core/document.ts';
import type { Finding } from '../../core/finding.ts';
import { isReadable, orUnreadable, textLimits } from '../documents/document.ts';
import { readJsonDocument } from '../documents/json-document.ts';
import { fieldsWithoutValue } from './checks/fields.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { onlyTexts } from './checks/texts.ts';
import type { Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { documentBlock, type Block } from './subject/block.ts';
import { locate, type LocatedFile } from './subject/locate.ts';
import type { Subject } from './subject/subject.ts';
import { taskBlock } from './subject/task.ts';

const ruleTypes = ['negative', 'positive'] as const;

const usualPath = 'RULEBOOK.jsonl';
const rule = (type: string, more: object = {}): string =>
  `${JSON.stringify({
    rule_id: `sample-${type}`,
    type,
    trigger: 't',
    action: 'a',
    evidence_run_id: 'r',
    scope: 's',
    confidence: 0.5,
    updated_at: '2026-02-22T12:00:00Z',
    ...more,
  })}\n`;
const rules = rule('negative') + rule('positive');

/** The rules are in docs/protocol.md#rulebook. */
export const rulebook: Contract = {
  id: 'rulebook',
  title: 'Rules of both types are kept, complete, and only ever added.',
  *check(subject) {
    const block = taskBlock(subject, 'rulebook_contract');
    if (block === undefined) return;
    yield* schemaFindings('RULEBOOK', block, schema);
    const rulebookPath = block.get('rulebook_path');
    if (typeof rulebookPath !== 'string' || !rulebookPath.endsWith('.jsonl')) return;
    const [book] = locate(subject, rulebookPath);
    if (book === undefined) {
      yield violation('RULEBOOK_NOT_FOUND', block.at('rulebook_path'), rulebookPath);
      return;
    }
    // Comes first, because a long rulebook may be wrong in so many places that this would not be
    // listed.
    yield* rewritten(book.shown, subject);
    yield* incompleteRules(book, block);
  },
  samples: [
    {
      name: 'one more rule than was installed',
      files: { [usualPath]: rules + rule('other') },
      base: { [usualPath]: rules },
      finds: null,
    },
    { name: 'the rules as they were installed', base: {}, finds: null },
    {
      name: 'a rulebook elsewhere in the repository, with an empty line',
      task: { '/rulebook_contract/rulebook_path': 'identity/runtime/rules.jsonl' },
      repository: { 'identity/runtime/rules.jsonl': `${rules}\n${rule('positive')}` },
      finds: null,
    },
    {
      name: 'a rulebook that may be rewritten',
      task: { '/rulebook_contract/append_only': false },
      finds: 'RULEBOOK_VALUE',
    },
    { name: 'no rulebook', files: { [usualPath]: null }, finds: 'RULEBOOK_NOT_FOUND' },
    { name: 'an empty rulebook', files: { [usualPath]: '\n' }, finds: 'RULEBOOK_EMPTY' },
    {
      name: 'a line that is cut off',
      files: { [usualPath]: `${rules}{"rule_id": ` },
      finds: 'RULEBOOK_LINE_UNPARSEABLE',
    },
    {
      name: 'a rule without a scope',
      files: { [usualPath]: rules + rule('negative', { scope: undefined }) },
      finds: 'RULEBOOK_FIELD_MISSING',
    },
    {
      name: 'only rules about what went wrong',
      files: { [usualPath]: rule('negative') },
      finds: 'RULEBOOK_TYPE_MISSING',
    },
    {
      name: 'a rule that was installed and is gone',
      files: { [usualPath]: rules },
      base: { [usualPath]: rule('negative') + rules },
      finds: 'RULEBOOK_REWRITTEN',
    },
  ],
};

function* incompleteRules({ bytes, shown }: LocatedFile, contract: Block): Generator<Finding> {
  const text = orUnreadable(shown, () => documentText(bytes, shown, textLimits));
  // `pack-files` reports a file that is not text at all.
  if (typeof text !== 'string') return;
  const fields = onlyTexts(contract.get('required_fields'));
  const types = new Set<unknown>();
  let rules = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    rules += 1;
    for (const finding of incompleteRule(line, shown, fields, types)) {
      yield { ...finding, line: index + 1 };
    }
  }
  if (rules === 0) yield violation('RULEBOOK_EMPTY', { path: shown });
  else {
    for (const type of ruleTypes) {
      if (!types.has(type)) yield violation('RULEBOOK_TYPE_MISSING', { path: shown }, type);
    }
  }
}

/** @param types receives the rule's type, whatever else is wrong with it */
function* incompleteRule(
  line: string,
  shown: string,
  fields: readonly string[],
  types: Set<unknown>,
): Generator<Finding> {
  const document = readJsonDocument(new TextEncoder().encode(line), shown);
  if (!isReadable(document)) {
    yield violation('RULEBOOK_LINE_UNPARSEABLE', document.place, document.problem);
    return;
  }
  const rule = documentBlock(document);
  if (rule === undefined) {
    yield violation('RULEBOOK_LINE_NO_OBJECT', document.at(''));
    return;
  }
  types.add(rule.get('type'));
  for (const field of fieldsWithoutValue(rule, fields)) {
    yield violation('RULEBOOK_FIELD_MISSING', rule.at(field), field);
  }
}

/**
 * Checks that the rulebook is append-only: it must still begin with what was installed, byte for
 * byte. This holds even if the contract now names another rulebook than the usual one.
 */
function* rewritten(shown: string, { pack, base }: Subject): Generator<Finding> {
  const directory = pack.show('');
  const inPack = shown.startsWith(`${directory}/`) ? shown.slice(directory.length + 1) : shown;
  for (const path of new Set([inPack, usualPath])) {
    const installed = base?.read(path);
    if (installed === undefined) continue;
    const current = pack.read(path) ?? new Uint8Array();
    const at = installed.findIndex((byte, index) => byte !== current[index]);
    if (at < 0) continue;
    const line = installed.subarray(0, at).reduce((count, byte) => count + Number(byte === 10), 1);
    yield violation('RULEBOOK_REWRITTEN', { path: pack.show(path), line });
  }
}
