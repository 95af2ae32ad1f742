import { expect, it } from 'vitest';
import { history } from '../../../src/cli/commands/history.ts';
import { shown } from '../../support/commands.ts';
import { ref } from '../../support/install-samples.ts';

const run = {
  home: '/h',
  head: 'f'.repeat(64),
  pending: [],
  operations: [
    {
      ref,
      runId: 'run-1',
      id: 'code-reviewer',
      operation: 'install' as const,
      outcome: 'done' as const,
      at: '2026-11-20T23:59:59.000Z',
      summary: 'v1.0.0',
      undoneBy: null,
      undo: `identity-rollback ${ref} --home /h`,
    },
  ],
};

it('shows operations with what undoes them', async () => {
  const { exitCode, text, document } = await shown(history, '', run);
  expect(exitCode).toBe(0);
  expect(text).toContain(`${ref}  code-reviewer  install v1.0.0`);
  expect(text).not.toContain('run-1');
  expect(document).toMatchObject({ schema: 'identity-install/history-result@1', ...run });
});

it('shows the run, the evidence and the undo command of each under --verbose', async () => {
  const { text } = await shown(history, '--verbose', run);
  expect(text).toContain('run-1');
  expect(text).toContain(`/h/.identity-install/evidence/${ref}.json`);
  expect(text).toContain(`identity-rollback ${ref} --home /h`);
});

it('names the command that recovers what was interrupted, for this home', async () => {
  const interrupted = {
    ref,
    id: 'code-reviewer',
    phase: 'commit',
    code: 'E_JOURNAL_PENDING',
  } as const;
  const { text } = await shown(history, '', { ...run, pending: [interrupted] });
  expect(text).toContain(`Operation ${ref} on code-reviewer was interrupted.`);
  expect(text).toContain('To recover it now:\n  identity recover --home /h\n');
});
