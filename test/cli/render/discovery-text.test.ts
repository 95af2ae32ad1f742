import { expect, it } from 'vitest';
import { renderList } from '../../../src/cli/render/discovery-text.ts';
import { listIdentities } from '../../../src/protocol/discovery/list-identities.ts';
import { catalogYaml, discoveryContext, entryYaml, rootSeed } from '../../support/discovery.ts';
import { context } from '../../support/install-samples.ts';
import { temporaryDirectory, type Seed } from '../../support/temporary-directory.ts';

const shown = (seed: Seed, columns?: number): string[] => {
  const result = listIdentities({ cwds: [temporaryDirectory(seed)] }, discoveryContext());
  // The first line is the directory, which is never cut: it may be copied.
  return renderList(result, context('', false, columns))
    .split('\n')
    .slice(1);
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

it('where there is less room the packs make way for the titles', () => {
  const [head, row] = shown(rootSeed(['a-longer-id']), 62);
  expect(head).toMatch(/priority +title$/);
  expect(row).toMatch(/active +50 +Title of a-longer-id$/);
});

it('on a narrow terminal each field has a line of its own', () => {
  expect(shown(long, 40).slice(0, 5)).toEqual([
    '  ab',
    '    status: active',
    '    priority: 50',
    '    pack: identity/packs/ab',
    '    title: A title that goes on A title',
  ]);
});

it('whoever has no identities is told how to come to some', () => {
  expect(shown({})).toEqual([
    '  No identities.',
    '',
    'To install the built-in one, to write your own, or to search other places:',
    '  identity-install',
    '  identity create',
    '  identity list --root <dir>',
    '',
  ]);
  const broken = { 'identity/catalog/identities.yaml': '[' };
  expect(shown(broken).join()).not.toContain('To install');
});
