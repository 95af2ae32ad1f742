import { expect, it } from 'vitest';
import { activate } from '../../../src/cli/commands/activate.ts';
import { shown } from '../../support/commands.ts';
import { operation } from '../../support/install-samples.ts';

it('says that an identity is active, and how to undo that', async () => {
  const { exitCode, text, document } = await shown(activate, 'ab', {
    home: '/h',
    id: 'ab',
    catalog: '/h/catalog.local.yaml',
    packPath: 'instances/ab',
    outcome: 'done',
    operation: operation(),
    recovered: [],
  });
  expect(exitCode).toBe(0);
  expect(text).toContain('ab is active, and the default.');
  expect(text).toContain(operation().undo);
  expect(document).toMatchObject({ schema: 'identity-install/register-result@1', id: 'ab' });
});
