import { describe, expect, it } from 'vitest';
import { renderHistory } from '../../../src/cli/render/history-text.ts';
import { renderRecover } from '../../../src/cli/render/recover-text.ts';
import { renderVerifyHome } from '../../../src/cli/render/verify-home-text.ts';
import { renderVerify } from '../../../src/cli/render/verify-text.ts';
import { problem } from '../../../src/inspection/verify/problem.ts';
import type { OperationSummary } from '../../../src/inspection/history/list-history.ts';
import type { VerifyRun } from '../../../src/inspection/verify/verify.ts';
import { context, ref, release } from '../../support/install-samples.ts';
import { homeVerification, verification } from '../../support/verify-samples.ts';

describe('the history for people', () => {
  const historyOf = (...operations: OperationSummary[]) => ({
    pending: [],
    home: '/h',
    head: operations.length === 0 ? null : 'f'.repeat(64),
    operations,
  });
  const first: OperationSummary = {
    ref: '20261120-221000-aaaaaa',
    runId: 'r1',
    id: 'code-reviewer',
    operation: 'install',
    outcome: 'done',
    at: '2026-11-20T22:10:00.000Z',
    summary: 'v1.0.0',
    undoneBy: ref,
    undo: null,
  };
  const second: OperationSummary = {
    ...first,
    ref,
    operation: 'rollback',
    at: '2026-11-20T23:59:59.000Z',
    summary: 'of 20261120-221000-aaaaaa',
    undoneBy: null,
  };
  const third: OperationSummary = {
    ...first,
    ref: '20261121-000000-bbbbbb',
    id: 'ab',
    at: '2026-11-21T00:00:00.000Z',
    outcome: 'aborted',
    summary: 'v1.0.0 -> v1.1.0',
    undoneBy: null,
  };

  it('is a table, newest first, with the command to undo one', () => {
    expect(renderHistory(historyOf(first, second, third), context('--home h')))
      .toMatchInlineSnapshot(`
        "WHEN (UTC)           REFERENCE               IDENTITY       WHAT
        2026-11-21 00:00:00  20261121-000000-bbbbbb  ab             install v1.0.0 -> v1.1.0, aborted: nothing changed
        2026-11-20 23:59:59  20261120-235959-3f9a1c  code-reviewer  rollback of 20261120-221000-aaaaaa
        2026-11-20 22:10:00  20261120-221000-aaaaaa  code-reviewer  install v1.0.0, undone by 20261120-235959-3f9a1c

        Ledger head: ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff  (3 operations)
        To undo one:
          identity-rollback <reference> --home /h
        "
      `);
  });

  it('says that there is none', () => {
    expect(renderHistory(historyOf(), context())).toBe(
      'Nothing was installed or rolled back in /h yet.\n',
    );
  });
});

describe('a verification for people', () => {
  function verified(
    files: Partial<VerifyRun['identities'][number]['files']>,
    problems: VerifyRun['identities'][number]['problems'] = [],
  ): VerifyRun {
    return verification({
      identities: [
        {
          id: 'code-reviewer',
          release: release('1.1.0'),
          files: { intact: 8, modified: [], missing: [], localOnly: [], ...files },
          problems,
          report: '/h/reports/verify.json',
        },
      ],
    });
  }

  it('needs one line when all is well', () => {
    expect(renderVerify(verified({ localOnly: ['x'] }), context())).toBe(
      'code-reviewer v1.1.0 (110ccccccccc): all 8 files are as installed, 1 file of your own.\n',
    );
  });

  it('names every file that drifted', () => {
    const run = verified({ modified: ['IDENTITY_PROMPT.md'], missing: ['agents/main.yaml'] });
    expect(renderVerify(run, context())).toMatchInlineSnapshot(`
      "code-reviewer v1.1.0 (110ccccccccc): 8 as installed, 1 changed since, 1 missing.
        ~ changed  IDENTITY_PROMPT.md
        - missing  agents/main.yaml
      "
    `);
  });

  it('puts problems with the books before drift', () => {
    const run = verified({ modified: ['a.md'] }, [
      { code: 'LEDGER_LINE', severity: 'error', message: 'Line 3 was edited.', path: 'ledger' },
    ]);
    expect(renderVerify(run, context())).toMatchInlineSnapshot(`
      "code-reviewer v1.1.0 (110ccccccccc): 1 problem in the records of the installer.
        problem: ledger: Line 3 was edited. [LEDGER_LINE]
        ~ changed  a.md
      "
    `);
  });

  it('says that nothing is installed', () => {
    const nothing = { ...verified({}), identities: [] };
    expect(renderVerify(nothing, context())).toBe('Nothing is installed in /h.\n');
  });

  it('tells what is only registered from what is installed, and how to go on', () => {
    const repository = '/r';
    const one = { id: 'night-watch', pack: '/r/identity/packs/night-watch', repository };
    const run = { ...verified({}), identities: [], registered: [one] };
    expect(renderVerify(run, context())).toMatchInlineSnapshot(`
      "Nothing is installed in /h.

      In the local catalog, but not installed here:
        night-watch  /r/identity/packs/night-watch
      To check a pack:
        identity validate night-watch --home /h
      A pack of a protocol repository can be installed into another home, or after its entry was removed from catalog.local.yaml.
      "
    `);
    const other = { id: 'scribe', pack: '/h/instances/scribe', repository: null };
    const both = { ...verified({}), registered: [one, other] };
    expect(renderVerify(both, context())).toMatchInlineSnapshot(`
      "code-reviewer v1.1.0 (110ccccccccc): all 8 files are as installed.

      In the local catalog, but not installed here:
        night-watch  /r/identity/packs/night-watch
        scribe       /h/instances/scribe
      To check a pack:
        identity validate night-watch --home /h
        identity validate scribe --home /h
      To install:
        identity-install scribe --home /h
      A pack of a protocol repository can be installed into another home, or after its entry was removed from catalog.local.yaml.
      "
    `);
    expect(renderVerify(run, context('--quiet'))).toBe('');
  });

  it('says where the expected head is, and that nothing was written', () => {
    const head = 'f'.repeat(64);
    const ledger = { head, operations: 3, expected: { head: 'e'.repeat(64), addedSince: 2 } };
    const run = { ...verified({}), ledger, readOnly: true };
    expect(renderVerify(run, context())).toMatchInlineSnapshot(`
      "code-reviewer v1.1.0 (110ccccccccc): all 8 files are as installed.

      Ledger head: ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff  (3 operations)
      The expected head is in the ledger; 2 operations were added since.

      The home cannot be written; it was read without its lock.
      "
    `);
  });
});

describe('a verification of a whole home for people', () => {
  const files = { intact: 8, modified: [], missing: [], localOnly: [] };
  const identity = { id: 'code-reviewer', release: release('1.1.0'), files };
  const subject = { path: '/h/x', ref };

  it('needs one line an identity when all is well, and the head', () => {
    const run = homeVerification({ identities: [identity] });
    expect(renderVerifyHome(run, context())).toMatchInlineSnapshot(`
      "code-reviewer v1.1.0 (110ccccccccc): all 8 files are as installed.

      Ledger head: ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff  (3 operations)

      Everything recorded passes verification: 1 identity, 3 operations, 1 snapshot, 0 bases.
      "
    `);
  });

  it('has one line a problem, what follows from it, and what can be trusted', () => {
    const run = homeVerification({
      identities: [identity, { id: 'ab', release: null, files: null }],
      problems: [
        problem('EVIDENCE_MISSING', subject, 'It is missing.'),
        problem('LATE_BYTES', subject),
      ],
      trust: { operations: 2, until: '2026-11-20T23:59:59.000Z', notUndoable: [ref] },
      locked: false,
      reason: 'E_HOME_READ_ONLY',
    });
    expect(renderVerifyHome(run, context())).toMatchInlineSnapshot(`
      "code-reviewer v1.1.0 (110ccccccccc): all 8 files are as installed.
      ab: there is no record that can be trusted.

      problem: /h/x: It is missing. The operation cannot be undone; the content of its snapshot can be restored by hand. [EVIDENCE_MISSING]
      warning: /h/x: Something continued to write to a file after it was replaced. The bytes are only in the displaced file. [LATE_BYTES]

      Ledger head: ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff  (3 operations)

      The home cannot be written; it was read without its lock.
      1 problem. Operations until 2026-11-20 23:59:59 UTC can be trusted (2 of 3); these cannot be undone until it is repaired: 20261120-235959-3f9a1c.
      "
    `);
  });

  it('says only what is wrong with --quiet', () => {
    const run = homeVerification({
      identities: [identity],
      problems: [problem('STORE_DAMAGED', subject)],
    });
    expect(renderVerifyHome(run, context('--quiet'))).toMatch(/^problem: .*\[STORE_DAMAGED\]\n$/);
    expect(renderVerifyHome(homeVerification(), context('--quiet'))).toBe('');
  });
});

describe('a recovery for people', () => {
  it('says what became of each operation', () => {
    const text = renderRecover(
      (['completed', 'undone', 'discarded'] as const).map((outcome) => ({
        ref,
        id: 'ab',
        outcome,
        warnings: [],
      })),
      context(),
    );
    expect(text).toMatchInlineSnapshot(`
      "Recovered interrupted operation 20261120-235959-3f9a1c (ab): finished now, nothing is missing.
      Recovered interrupted operation 20261120-235959-3f9a1c (ab): undone; the instance is as it was before.
      Recovered interrupted operation 20261120-235959-3f9a1c (ab): discarded; it had not touched the instance yet.
      "
    `);
  });

  it('says that there was nothing', () => {
    expect(renderRecover([], context())).toBe(
      'No operation was interrupted: nothing to recover.\n',
    );
  });
});
