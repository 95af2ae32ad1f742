import { expect, it } from 'vitest';
import { show } from '../../../src/cli/commands/show.ts';
import { findIdentity } from '../../../src/cli/command/discovery.ts';
import { discoverIdentities } from '../../../src/protocol/discovery/list-identities.ts';
import { shown } from '../../support/commands.ts';
import { discoveryContext, rootSeed } from '../../support/discovery.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { saying } from '../../support/hint-of.ts';

const discoveries = () =>
  discoverIdentities(
    { cwds: [temporaryDirectory(rootSeed(['code-reviewer', 'ab']))] },
    discoveryContext(),
  );

it('shows everything about one identity', async () => {
  const { listing, identity } = findIdentity('ab', discoveries());
  const result = { cwd: listing.cwd, isDefault: false, identity };
  const { exitCode, text, document } = await shown(show, 'ab', result);
  expect(exitCode).toBe(0);
  expect(text).toContain('ab  Title of ab');
  expect(document).toMatchObject({ schema: 'identity-install/show-result@1', isDefault: false });
});

it('suggests the id that was probably meant', () => {
  expect(() => findIdentity('code-reviwer', discoveries())).toThrow(
    expect.objectContaining({
      code: 'E_ID_UNKNOWN',
      remedy: saying('Did you mean "code-reviewer"?'),
    }),
  );
  expect(() => findIdentity('somebody', discoveries())).toThrow(
    expect.objectContaining({ remedy: saying(/^(?!.*Did you mean)/s) }),
  );
});
