import { expect, it } from 'vitest';
import { match } from '../../../src/cli/commands/match.ts';
import { activate } from '../../../src/protocol/discovery/activate.ts';
import { discoverIdentities } from '../../../src/protocol/discovery/list-identities.ts';
import { shown } from '../../support/commands.ts';
import { discoveryContext, rootSeed } from '../../support/discovery.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

function matched(defaultIdentity: string) {
  const cwds = [temporaryDirectory(rootSeed(['ab'], defaultIdentity))];
  const [discovery] = discoverIdentities({ cwds }, discoveryContext());
  if (discovery === undefined) throw new Error('nothing was looked at');
  const { listing, identities } = discovery;
  const objective = 'cook dinner';
  const { match: result, ...activated } = activate(listing, identities, { objective });
  return { cwd: listing.cwd, objective, activated, ...result, errors: listing.errors };
}

it('says which identity would be activated and why', async () => {
  const { exitCode, text, document } = await shown(match, 'cook', matched('ab'));
  expect(exitCode).toBe(0);
  expect(text).toContain('ab would be activated: it is the default of the project.');
  expect(document).toMatchObject({ schema: 'identity-install/match-result@1' });
});

it('has exit code 1 where none would', async () => {
  const { exitCode, text } = await shown(match, 'cook', matched(''));
  expect(exitCode).toBe(1);
  expect(text).toContain('No identity would be activated');
});
