import { expect, it } from 'vitest';
import { list } from '../../../src/cli/commands/list.ts';
import { discoverIdentities } from '../../../src/protocol/discovery/list-identities.ts';
import { shown } from '../../support/commands.ts';
import { catalogYaml, discoveryContext, entryYaml, rootSeed } from '../../support/discovery.ts';
import { temporaryDirectory, type Seed } from '../../support/temporary-directory.ts';

function found(seed: Seed) {
  const cwds = [temporaryDirectory(seed)];
  return { found: discoverIdentities({ cwds }, discoveryContext()) };
}

it('shows a row for each identity', async () => {
  const { exitCode, text, document } = await shown(list, '', found(rootSeed(['ab'])));
  expect(exitCode).toBe(0);
  expect(text).toContain('* ab  active');
  expect(document).toMatchObject({
    schema: 'identity-install/list-result@1',
    data: [{ defaultIdentity: 'ab' }],
  });
});

it('shows where each pack is, and its tags, under --verbose', async () => {
  const run = found({
    ...rootSeed(['ab']),
    'identity/catalog/identities.yaml': catalogYaml([entryYaml('ab', { tags: ['review', 'go'] })]),
  });
  const { text } = await shown(list, '--verbose', run);
  expect(text).toContain(run.found[0]?.identities[0]?.directory);
  expect(text).toContain('review, go');
  expect((await shown(list, '', run)).text).not.toContain('review, go');
});

it('has exit code 1 when something could not be used', async () => {
  const broken = found({ 'identity/catalog/identities.yaml': '[' });
  expect((await shown(list, '', broken)).exitCode).toBe(1);
});
