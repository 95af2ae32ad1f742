import { describe, expect, it } from 'vitest';
import { renderRollback } from '../../../src/cli/render/rollback-text.ts';
import type { RollbackAction } from '../../../src/operations/rollback/plan.ts';
import type { RollbackOutcome } from '../../../src/operations/rollback/outcome.ts';
import { context, operation, ref } from '../../support/install-samples.ts';

function action(path: string, kind: RollbackAction['kind'], more: Partial<RollbackAction> = {}) {
  return { root: 'instance' as const, path, kind, edited: false, size: 1024, ...more };
}

function shown(
  actions: readonly RollbackAction[],
  outcome: RollbackOutcome['outcome'],
  line = '',
  { notPlanned = [], revives = null }: { notPlanned?: string[]; revives?: string | null } = {},
): string {
  const done = outcome === 'done';
  const run = {
    home: '/h',
    runId: ref,
    notPlanned,
    recovered: [],
    operations: [
      {
        id: 'code-reviewer',
        undoes: ref,
        revives,
        outcome,
        operation: done
          ? operation({ snapshot: { path: '/s/y.tar.gz', sha256: 'f'.repeat(64) } })
          : null,
        plan: {
          schema: 'identity-install/rollback-plan@1' as const,
          id: 'code-reviewer',
          home: '/h',
          instance: '/h/instances/code-reviewer',
          undoes: ref,
          actions,
          digest: 'd'.repeat(64),
        },
      },
    ],
  };
  const through = notPlanned.length > 0;
  return renderRollback(run, { ref: 'last', through, paths: ['a b'] }, context(line));
}

const actions = [
  action('IDENTITY_PROMPT.md', 'restore', { edited: true }),
  action('catalog.local.yaml', 'restore', { root: 'home' }),
  action('new.md', 'remove'),
  action('mine.md', 'keep', { reason: 'edited-since', edited: true }),
  action('gone.md', 'keep', { reason: 'deleted-since' }),
  action('docs', 'keep', { reason: 'in-the-way' }),
  action('same.md', 'keep', { reason: 'already-so' }),
];

describe('a rollback for people', () => {
  it('says what was put back, what stayed and why, and how to undo it', () => {
    expect(shown(actions, 'done')).toMatchInlineSnapshot(`
      "Undid 20261120-235959-3f9a1c (code-reviewer), except for 1 path where something is in the way.
        In  /h/instances/code-reviewer

        ~ restored  IDENTITY_PROMPT.md                1.0 KiB  edited since; the edit is in the snapshot
        ~ restored  catalog.local.yaml (in the home)  1.0 KiB
        - removed   new.md

      Left unchanged:
        = kept     mine.md  edited since the operation, so it stays
        = kept     gone.md  deleted since the operation, so it stays deleted
        ! blocked  docs     something else is here; move it away and roll back again

        Snapshot  /s/y.tar.gz

      To undo this:
        identity-rollback 20261120-235959-3f9a1c --home /home/ada/.identity
      "
    `);
  });

  it('shows a plan and the command that applies exactly it', () => {
    expect(shown(actions.slice(0, 3), 'planned', '--home h')).toMatchInlineSnapshot(`
      "Plan to undo 20261120-235959-3f9a1c (code-reviewer). Nothing was changed.
        In  /h/instances/code-reviewer

        ~ restore  IDENTITY_PROMPT.md                1.0 KiB  edited since; the edit is saved in the snapshot first
        ~ restore  catalog.local.yaml (in the home)  1.0 KiB
        - remove   new.md

      Plan digest dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
      To apply exactly this:
        identity-rollback 20261120-235959-3f9a1c --home /h --path 'a b' --plan-digest dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
      "
    `);
  });

  it('says what the undo of an undo comes to', () => {
    const revives = '20261120-120000-aaaaaa';
    expect(shown(actions.slice(2, 3), 'done', '', { revives }).split('\n')[0]).toBe(
      `Undid ${ref} (code-reviewer), a rollback: ${revives} stands again.`,
    );
  });

  it('promises no copy of a file that had been deleted', () => {
    const deleted = action('IDENTITY_PROMPT.md', 'restore', { reason: 'deleted-since' });
    expect(shown([deleted], 'done')).toContain(
      'restored  IDENTITY_PROMPT.md  1.0 KiB  it had been deleted since\n',
    );
  });

  it('says what a plan leaves out', () => {
    const text = shown(actions.slice(2, 3), 'planned', '', {
      notPlanned: ['20261120-120000-aaaaaa'],
    });
    expect(text).toContain(
      'This is the first of 2 operations to undo. After it:\n  20261120-120000-aaaaaa\n',
    );
    expect(text).not.toContain('--through');
  });

  it('says why a plan changes nothing', () => {
    expect(shown(actions.slice(6), 'planned')).toContain(
      'Nothing was changed.\n\nNo file would change: everything is already as it was before.\n',
    );
    expect(shown(actions.slice(3), 'planned')).toContain('without losing something newer.\n');
  });

  it('needs one line when nothing is left to undo', () => {
    expect(shown([], 'nothing-to-do')).toBe(
      `${ref} (code-reviewer) leaves nothing to undo: everything is already as it was before.\n`,
    );
  });

  it('does not call it undone when newer edits keep it from being', () => {
    expect(shown(actions.slice(3, 4), 'nothing-to-do').split('\n')[0]).toBe(
      `${ref} (code-reviewer) leaves nothing that can be undone without losing something newer.`,
    );
  });

  it('is reduced by --quiet to what is blocked and the undo command', () => {
    expect(shown(actions, 'done', '--quiet')).toMatchInlineSnapshot(`
      "  ! blocked  docs  something else is here; move it away and roll back again

      identity-rollback 20261120-235959-3f9a1c --home /home/ada/.identity
      "
    `);
  });
});
