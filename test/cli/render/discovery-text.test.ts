import { expect, it } from 'vitest';
import { clip } from '../../../src/cli/render/columns.ts';
import { renderList } from '../../../src/cli/render/discovery-text.ts';
import { listIdentities } from '../../../src/protocol/discovery/list-identities.ts';
import { catalogYaml, discoveryContext, entryYaml, rootSeed } from '../../support/discovery.ts';
import { context } from '../../support/install-samples.ts';
import { temporaryDirectory, type Seed } from '../../support/temporary-directory.ts';

const shown = (seed: Seed, columns?: number): string[] => {
  const result = listIdentities({ cwds: [temporaryDirectory(seed)] }, discoveryContext());
  const given = { ...context(), ...(columns !== undefined && { columns }) };
  // The first line is the directory, which is never cut: it may be copied.
  return renderList(result, given).split('\n').slice(1);
};
const long = {
  ...rootSeed(['ab']),
  'identity/catalog/identities.yaml': catalogYaml([
    entryYaml('ab', { title: 'A title that goes on '.repeat(9) }),
  ]),
};

it('a long title is cut on a terminal, and whole in a file', () => {
  expect(shown(long).join()).toContain('A title that goes on '.repeat(9).trim());
  const [head, row] = shown(long, 70);
  expect(head).toMatch(/pack +title$/);
  expect(row).toMatch(/ identity\/packs\/ab +A title that goes.*…$/);
  expect(row).toHaveLength(70);
});

it('on a narrow terminal the packs make way for the titles', () => {
  const [head, row] = shown(long, 40);
  expect(head).toMatch(/priority +title$/);
  expect(row).toMatch(/active +50 +A title.*…$/);
  expect(row?.length).toBeLessThanOrEqual(40);
});

it('a text is cut by the cells that it takes', () => {
  expect(clip('店铺经理', 8)).toBe('店铺经理');
  expect(clip('店铺经理', 7)).toBe('店铺经…');
  expect(clip('店铺经理', 6)).toBe('店铺…');
  expect(clip('e\u0301a', 2)).toBe('e\u0301a');
});

it('whoever has no identities is told how to come to some', () => {
  expect(shown({})).toEqual([
    '  No identities.',
    '',
    'To install the built-in one, to write your own, or to look in other places:',
    '  identity-install',
    '  identity create',
    '  identity list --root <dir>',
    '',
  ]);
  const broken = { 'identity/catalog/identities.yaml': '[' };
  expect(shown(broken).join()).not.toContain('To install');
});
