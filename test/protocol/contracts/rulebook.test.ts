import { expect, test } from 'vitest';
import { removed, type PackEdits } from '../../../src/protocol/contracts/contract.ts';
import { samplePack, sampleText } from '../../../src/protocol/contracts/sample-pack.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';
import { describeMutations } from '../../support/mutations.ts';

const contract = '/rulebook_contract';
const path = 'RULEBOOK.jsonl';
const rules = sampleText(path);
const [first = '', second = ''] = rules.split('\n');

/** The pack with this rulebook. */
function withRules(text: string): PackEdits {
  return { files: { [path]: text } };
}

/** Only the second rule's type. */
const ofType = (type: string): string =>
  `${first}\n${second.replace('"type":"positive"', `"type":"${type}"`)}\n`;

describeMutations('rulebook', [
  [
    'a rulebook that may be rewritten',
    { task: { [`${contract}/append_only`]: false } },
    'RULEBOOK_VALUE',
  ],
  ['no word on appending', { task: { [`${contract}/append_only`]: removed } }, 'RULEBOOK_MISSING'],
  [
    'no required fields',
    { task: { [`${contract}/required_fields`]: removed } },
    'RULEBOOK_MISSING',
  ],
  [
    'no evidence asked for',
    { task: { [`${contract}/required_fields/4`]: removed } },
    'RULEBOOK_VALUE',
  ],
  ['fields in a mapping', { task: { [`${contract}/required_fields`]: {} } }, 'RULEBOOK_TYPE'],
  [
    'one type of rule',
    { task: { [`${contract}/required_rule_types/1`]: removed } },
    'RULEBOOK_VALUE',
  ],
  ['no path', { task: { [`${contract}/rulebook_path`]: removed } }, 'RULEBOOK_MISSING'],
  ['a path that is a number', { task: { [`${contract}/rulebook_path`]: 7 } }, 'RULEBOOK_TYPE'],
  [
    'a rulebook in prose',
    { task: { [`${contract}/rulebook_path`]: 'TASK_HISTORY.md' } },
    'RULEBOOK_VALUE',
  ],
  [
    'a path to nothing',
    { task: { [`${contract}/rulebook_path`]: 'RULES.jsonl' } },
    'RULEBOOK_NOT_FOUND',
  ],
  [
    'a path out of the pack',
    { task: { [`${contract}/rulebook_path`]: '../sample-identity/RULEBOOK.jsonl' } },
    'RULEBOOK_NOT_FOUND',
  ],
  ['no file', { files: { [path]: null } }, 'RULEBOOK_NOT_FOUND'],
  ['an empty file', withRules(''), 'RULEBOOK_EMPTY'],
  ['nothing but empty lines', withRules('\n\r\n  \n'), 'RULEBOOK_EMPTY'],
  ['a line of prose', withRules(`${rules}Be careful.\n`), 'RULEBOOK_LINE_UNPARSEABLE'],
  ['two rules on one line', withRules(`${rules}${first}${second}\n`), 'RULEBOOK_LINE_UNPARSEABLE'],
  ['a line that is a list', withRules(`${rules}[]\n`), 'RULEBOOK_LINE_NO_OBJECT'],
  [
    'a rule without a trigger',
    withRules(rules.replace('"trigger"', '"when"')),
    'RULEBOOK_FIELD_MISSING',
  ],
  [
    'a rule with an empty scope',
    withRules(rules.replace('"scope":"judgement"', '"scope":""')),
    'RULEBOOK_FIELD_MISSING',
  ],
  ['no positive rule', withRules(`${first}\n`), 'RULEBOOK_TYPE_MISSING'],
  ['no negative rule', withRules(`${second}\n`), 'RULEBOOK_TYPE_MISSING'],
  ['a rule of a type of its own', withRules(ofType('neutral')), 'RULEBOOK_TYPE_MISSING'],
  [
    'a rule that was installed and is gone',
    { base: { [path]: rules + first } },
    'RULEBOOK_REWRITTEN',
  ],
  [
    'a rule put before those installed',
    { ...withRules(`${first}\n${rules}`), base: {} },
    'RULEBOOK_REWRITTEN',
  ],
  [
    'a rule that was installed and is changed',
    { ...withRules(rules.replace('medium', 'low')), base: {} },
    'RULEBOOK_REWRITTEN',
  ],
  [
    'other line ends than were installed',
    { ...withRules(rules.replaceAll('\n', '\r\n')), base: {} },
    'RULEBOOK_REWRITTEN',
  ],
  [
    'the installed rulebook removed behind another one',
    {
      task: { [`${contract}/rulebook_path`]: 'rules.jsonl' },
      files: { [path]: null, 'rules.jsonl': rules },
      base: {},
    },
    'RULEBOOK_REWRITTEN',
  ],
]);

test('findings in a rulebook name line and pointer', () => {
  const broken = `${rules}${first.replace('"action"', '"deed"')}\n{"rule_id": \n`;
  expect(validatePack(samplePack(withRules(broken)))).toMatchObject([
    { code: 'RULEBOOK_FIELD_MISSING', line: 3, pointer: '/action' },
    { code: 'RULEBOOK_LINE_UNPARSEABLE', line: 4 },
  ]);
});

test('a rulebook may grow beyond what other documents may have, and is read to its end', () => {
  const years = rules.repeat(Math.ceil((1.5 * 1024 * 1024) / rules.length));
  expect(validatePack(samplePack(withRules(years)))).toEqual([]);
  expect(validatePack(samplePack(withRules(`${years}{}\n`)))[0]).toMatchObject({
    code: 'RULEBOOK_FIELD_MISSING',
  });
});

test('a rewritten rulebook is found by the first line that differs, wherever it is named from', () => {
  const edits = {
    task: { '/rulebook_contract/rulebook_path': 'identity/packs/sample-identity/RULEBOOK.jsonl' },
    ...withRules(`${first}\n${second.replace('medium', 'low')}\n`),
    base: {},
  };
  expect(validatePack(samplePack(edits))).toMatchObject([{ code: 'RULEBOOK_REWRITTEN', line: 2 }]);
});
