import { expect, it } from 'vitest';
import { compile } from '../../../src/cli/commands/compile.ts';
import { shown } from '../../support/commands.ts';

it('prints the brief itself, or says where it went', async () => {
  const printed = await shown(compile, '', { id: 'ab', text: '# Brief\n', output: null });
  expect(printed.text).toBe('# Brief\n');
  const written = await shown(compile, '--output b.md', { id: 'ab', text: '', output: '/b.md' });
  expect(written).toMatchObject({
    exitCode: 0,
    text: 'The brief of ab is in /b.md.\n',
    document: { schema: 'identity-install/compile-result@1', output: '/b.md' },
  });
});
