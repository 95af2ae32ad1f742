import { expect, it } from 'vitest';
import { recover } from '../../../src/cli/commands/recover.ts';
import { shown } from '../../support/commands.ts';

it('says that nothing was interrupted, and to programs the same', async () => {
  const { exitCode, text, document } = await shown(recover, '', { recovered: [] });
  expect(exitCode).toBe(0);
  expect(text).toBe('No operation was interrupted: nothing to recover.\n');
  expect(document).toMatchObject({ schema: 'identity-install/recover-result@1', recovered: [] });
});
