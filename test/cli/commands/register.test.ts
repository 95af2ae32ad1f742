import { expect, it } from 'vitest';
import { register } from '../../../src/cli/commands/register.ts';
import { shown } from '../../support/commands.ts';
import { operation } from '../../support/install-samples.ts';

const run = {
  home: '/h',
  id: 'ab',
  catalog: '/h/catalog.local.yaml',
  packPath: 'instances/ab',
  outcome: 'done' as const,
  operation: operation(),
  recovered: [],
};

it('says that an identity is registered, and how to undo that', async () => {
  const { exitCode, text, document } = await shown(register, 'ab', run);
  expect(exitCode).toBe(0);
  expect(text).toContain('ab is registered.');
  expect(text).toContain(operation().undo);
  expect(document).toMatchObject({ schema: 'identity-install/register-result@1', id: 'ab' });
});
