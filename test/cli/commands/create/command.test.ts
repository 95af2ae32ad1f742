import { expect, it } from 'vitest';
import { create } from '../../../../src/cli/commands/create/command.ts';
import { shown } from '../../../support/commands.ts';

it('says what was written and what comes next', async () => {
  const { exitCode, text, document } = await shown(create, 'ab', {
    root: '/r',
    id: 'ab',
    pack: 'identity/packs/ab',
    files: [{ path: 'identity/packs/ab/META.yaml', action: 'created' }],
  });
  expect(exitCode).toBe(0);
  expect(text).toContain('ab: 1 file written in /r.');
  expect(text).toContain('identity validate ab --root /r');
  expect(document).toMatchObject({ schema: 'identity-install/create-result@1', id: 'ab' });
});
