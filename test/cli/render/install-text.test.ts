import { describe, expect, it } from 'vitest';
import { renderInstall } from '../../../src/cli/render/install-text.ts';
import type { InstallRun } from '../../../src/operations/install/outcome.ts';
import {
  add,
  asked,
  context,
  file,
  keep,
  operation,
  overwrite,
  plan,
  ref,
  release,
  remove,
  run,
} from '../../support/install-samples.ts';

function shown(result: InstallRun, line: string, colour = false): string {
  return renderInstall(result, asked(line).request, context(line, colour));
}

describe('an install for people', () => {
  it('says what a first install put where', () => {
    const result = run({
      plan: plan([add('IDENTITY_PROMPT.md', 4200), add('agents/main.yaml', 312)], {
        installed: null,
        instanceExists: false,
      }),
      operation: operation(),
    });
    expect(shown(result, 'code-reviewer')).toMatchInlineSnapshot(`
      "Installed code-reviewer v1.1.0 (110ccccccccc).
        From   https://example.org/acme/identities.git
        Into   /home/ada/.identity/instances/code-reviewer
        Files  2 added, 4.4 KiB

        + added  IDENTITY_PROMPT.md  4.1 KiB
        + added  agents/main.yaml      312 B

      To undo this:
        identity-rollback 20261120-235959-3f9a1c --home /home/ada/.identity
      "
    `);
  });

  it('counts what the contracts say of a release, and lists it when asked', () => {
    const found = (code: string, severity: 'error' | 'warn', contract: string) =>
      ({
        code,
        severity,
        contract,
        path: 'CURRENT_TASK.json',
        line: 4,
        message: 'Wrong.',
      }) as const;
    const findings = [
      found('ROUTING_VALUE', 'error', 'routing'),
      found('ROUTING_TYPE', 'error', 'routing'),
      found('JUDGEMENT_DONE_UNPROVEN', 'warn', 'judgement'),
    ];
    const result = run({ plan: plan([add('a.md')], { findings }), operation: operation() });
    const short = shown(result, '');
    expect(short).toContain(
      '  Contracts  2 problems and 1 warning in routing, judgement (--verbose shows all)\n',
    );
    expect(short).not.toContain('ROUTING_VALUE');
    const long = shown(result, '--verbose');
    expect(long).toContain('problem: CURRENT_TASK.json:4: Wrong. [ROUTING_VALUE]\n');
    expect(long).toContain('2 problems and 1 warning in routing, judgement\n');
  });

  it('names the starter in words', () => {
    const starter = { ...release('1.1.0'), sourceKind: 'starter' as const, url: 'starter' };
    const result = run({
      plan: plan([add('a.md')], { installed: null, instanceExists: false, release: starter }),
      operation: operation(),
    });
    expect(shown(result, '')).toContain('From   the built-in starter');
  });

  it('lists what preserve kept, each with its reason, and ends with the merge command', () => {
    const result = run({
      plan: plan([
        add('new.md', 100),
        keep('IDENTITY_PROMPT.md', 'modified-locally'),
        keep('META.yaml', 'modified-locally', { base: file('new') }),
        keep('TASK_HISTORY.md', 'state', { class: 'state' }),
        keep('agents/old.yaml', 'removed-upstream', { incoming: { kind: 'absent' } }),
        keep('agents/main.yaml', 'upgrade-available'),
        keep('docs/guide.md', 'deleted-locally', { local: { kind: 'absent' } }),
        keep('docs/own.md', 'no-base', { base: { kind: 'absent' } }),
        keep('mine.txt', 'local-only', { incoming: { kind: 'absent' } }),
        keep('same.md', 'unchanged'),
      ]),
      operation: operation(),
    });
    expect(shown(result, 'code-reviewer --home h --plan-digest ' + 'a'.repeat(64)))
      .toMatchInlineSnapshot(`
        "Added what was missing from v1.1.0 (110ccccccccc) to code-reviewer; no existing file was changed.
          From   https://example.org/acme/identities.git
          Into   /home/ada/.identity/instances/code-reviewer
          Files  1 added, 100 B

          + added  new.md  100 B

        Kept as they are, 7 files:
          = kept  IDENTITY_PROMPT.md  1.0 KiB  changed here, and in v1.1.0 too
          = kept  META.yaml           1.0 KiB  changed here; v1.1.0 did not change it
          = kept  TASK_HISTORY.md     1.0 KiB  written by the agent
          = kept  agents/old.yaml     1.0 KiB  not changed here; v1.1.0 no longer ships it
          = kept  agents/main.yaml    1.0 KiB  not changed here; v1.1.0 has another version
          = kept  docs/guide.md                deleted here, so it stays deleted
          = kept  docs/own.md         1.0 KiB  was here before, and differs from v1.1.0
        Also there, and not touched: 1 file of your own, 1 the same in v1.1.0.

        To take v1.1.0's version of the 1 file that you did not change:
          identity-install code-reviewer --from https://example.org/acme/identities.git --release v1.1.0 --home /home/ada/.identity --merge

        To undo this:
          identity-rollback 20261120-235959-3f9a1c --home /home/ada/.identity
        "
      `);
  });

  it('names each conflict of a merge with what can be done', () => {
    const result = run({
      plan: plan(
        [
          overwrite('update', 'agents/main.yaml'),
          remove('agents/old.yaml'),
          keep('IDENTITY_PROMPT.md', 'conflict', { conflict: 'both-changed' }),
          keep('docs/own.md', 'no-base', { base: { kind: 'absent' } }),
          keep('docs/guide.md', 'conflict', {
            conflict: 'deleted-here',
            local: { kind: 'absent' },
          }),
          keep('runtime', 'conflict', { conflict: 'other-kind', local: { kind: 'directory' } }),
        ],
        { mode: 'merge' },
      ),
      operation: operation({ snapshot: { path: '/s/x.tar.gz', sha256: 'f'.repeat(64) } }),
    });
    expect(shown(result, 'code-reviewer --merge')).toMatchInlineSnapshot(`
      "Merged v1.1.0 (110ccccccccc) into code-reviewer, except for 4 conflicts.
        From   https://example.org/acme/identities.git
        Into   /home/ada/.identity/instances/code-reviewer
        Files  1 updated, 1 removed, 1.0 KiB

        - removed  agents/old.yaml   1.0 KiB
        ~ updated  agents/main.yaml  1.0 KiB

      4 conflicts, left exactly as they are:
        ! conflict  IDENTITY_PROMPT.md  1.0 KiB  changed here and in v1.1.0
        ! conflict  docs/own.md         1.0 KiB  was here before, and differs from v1.1.0
          Yours stays unless you decide otherwise. To see both:
            identity-install code-reviewer --from https://example.org/acme/identities.git --release v1.1.0 --home /home/ada/.identity --merge --plan --diff
          To take the files of v1.1.0 instead, with a backup of yours:
            identity-install code-reviewer --from https://example.org/acme/identities.git --release v1.1.0 --home /home/ada/.identity --replace --backup
        ! conflict  docs/guide.md  deleted here, changed in v1.1.0
          It stays deleted. To bring it back as it is in v1.1.0:
            identity-install code-reviewer --from https://example.org/acme/identities.git --release v1.1.0 --home /home/ada/.identity --merge --restore-deleted
        ! conflict  runtime  a directory here, a file in v1.1.0
          Move what is there out of the way and run the same command again.

        Snapshot  /s/x.tar.gz

      To undo this:
        identity-rollback 20261120-235959-3f9a1c --home /home/ada/.identity
      "
    `);
  });

  it('puts what a replace overwrote first, and names the backup', () => {
    const result = run({
      plan: plan(
        [
          add('new.md'),
          overwrite('update', 'agents/main.yaml'),
          overwrite('replace', 'IDENTITY_PROMPT.md', 5 * 1024 * 1024),
          keep('TASK_HISTORY.md', 'state', { class: 'state' }),
        ],
        { mode: 'replace' },
      ),
      operation: operation({
        snapshot: { path: '/s/x.tar.gz', sha256: 'f'.repeat(64) },
        reports: ['runtime/reports/install.json'],
        warnings: [{ code: 'LATE_BYTES', path: 'log.md', message: 'was written to; see /d/1' }],
      }),
    });
    expect(shown(result, '--replace --backup')).toMatchInlineSnapshot(`
      "Replaced code-reviewer with v1.1.0 (110ccccccccc).
        From   https://example.org/acme/identities.git
        Into   /home/ada/.identity/instances/code-reviewer
        Files  1 added, 1 updated, 1 replaced, 5.0 MiB

        ~ replaced  IDENTITY_PROMPT.md  5.0 MiB  it had been changed here
        ~ updated   agents/main.yaml    1.0 KiB
        + added     new.md              1.0 KiB

      Kept as it is, 1 file:
        = kept  TASK_HISTORY.md  1.0 KiB  written by the agent

      warning: log.md: was written to; see /d/1

        Reports  1 in runtime/reports/
        Backup   /s/x.tar.gz

      To undo this:
        identity-rollback 20261120-235959-3f9a1c --home /home/ada/.identity
      "
    `);
  });

  it('needs one line when there is nothing to do', () => {
    const result = run({
      plan: plan([
        keep('a.md', 'unchanged'),
        keep('x', 'local-only', { incoming: { kind: 'absent' } }),
      ]),
      outcome: 'nothing-to-do',
    });
    expect(shown(result, '')).toBe('code-reviewer is at v1.1.0 (110ccccccccc): nothing to do.\n');
  });

  it('does not call an instance up to date that differs from the release', () => {
    const kept = plan([keep('agents/main.yaml', 'upgrade-available'), keep('a.md', 'unchanged')]);
    const result = run({
      plan: { ...kept, release: { ...kept.release, url: '/home/ada/packs' } },
      outcome: 'nothing-to-do',
    });
    expect(shown(result, '--all --from ./packs')).toMatchInlineSnapshot(`
      "code-reviewer: nothing to do for v1.1.0 (110ccccccccc); 1 file that differs from it stayed as it is.

      Kept as it is, 1 file:
        = kept  agents/main.yaml  1.0 KiB  not changed here; v1.1.0 has another version
      Also there, and not touched: 1 the same in v1.1.0.

      To take v1.1.0's version of the 1 file that you did not change:
        identity-install code-reviewer --from /home/ada/packs --release v1.1.0 --home /home/ada/.identity --merge
      "
    `);
  });

  it('shows a plan with its digest and the command that applies it', () => {
    const result = run({
      plan: plan([add('new.md'), overwrite('update', 'b.md')], { mode: 'merge' }),
      outcome: 'planned',
      diffs: [
        { path: 'b.md', text: '--- a/b.md\n+++ b/b.md\n@@ -1 +1 @@\n-\told\n+\tnew\u001b[2J\n' },
        { path: 'c.bin', text: null },
      ],
    });
    expect(shown(result, 'code-reviewer --merge --plan --diff --scope user'))
      .toMatchInlineSnapshot(`
        "Plan for code-reviewer: v1.0.0 -> v1.1.0 (110ccccccccc), mode merge. Nothing was changed.
          From   https://example.org/acme/identities.git
          Into   /home/ada/.identity/instances/code-reviewer
          Files  1 to add, 1 to update, 2.0 KiB

          ~ update  b.md    1.0 KiB
          + add     new.md  1.0 KiB

        --- a/b.md
        +++ b/b.md
        @@ -1 +1 @@
        -	old
        +	new\\u{1b}[2J
        c.bin: not text, no diff is shown

        Plan digest dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
        To apply exactly this:
          identity-install code-reviewer --from https://example.org/acme/identities.git --release v1.1.0 --home /home/ada/.identity --merge --plan-digest dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
        "
      `);
  });

  it('turns --frozen into the release that it stood for, also when that is an older one', () => {
    const result = run({
      plan: plan([add('new.md')], { installed: release('1.2.0') }),
      outcome: 'planned',
    });
    const text = shown(result, '--all --frozen --plan');
    expect(text).toContain('--release v1.1.0 --home /home/ada/.identity --plan-digest');
    expect(text).toContain('--allow-downgrade\n');
    expect(text).not.toContain('--frozen');
  });

  it('says which kind of preview it was', () => {
    const result = run({ plan: plan([add('new.md')]), outcome: 'planned' });
    expect(shown(result, '--dry-run')).toContain('Dry run for code-reviewer: v1.0.0 -> v1.1.0');
    expect(shown(result, '--check')).toContain('Check for code-reviewer');
  });

  it('folds what changed after a dozen, and shows all when asked', () => {
    const actions = Array.from({ length: 57 }, (_, index) => add(`f${index}.md`));
    const result = run({ plan: plan(actions), operation: operation() });
    const folded = shown(result, '');
    expect(folded).toContain('  … and 45 more (--verbose shows all)');
    expect(folded).not.toContain('f12.md');
    expect(shown(result, '--verbose')).toContain('f56.md');
  });

  it('folds kept files only after forty, and conflicts never', () => {
    const kept = Array.from({ length: 45 }, (_, index) => keep(`k${index}`, 'modified-locally'));
    const conflicts = Array.from({ length: 60 }, (_, index) =>
      keep(`c${index}`, 'conflict', { conflict: 'both-changed' }),
    );
    const text = shown(run({ plan: plan([...kept, ...conflicts]) }), '');
    expect(text).toContain('k39');
    expect(text).toContain('… and 5 more');
    expect(text).toContain('c59');
  });

  it('is reduced by --quiet to what needs attention and the undo command', () => {
    const result = run({
      plan: plan([
        add('new.md'),
        keep('a.md', 'modified-locally'),
        keep('dir', 'conflict', { conflict: 'blocked-parent' }),
      ]),
      operation: operation(),
    });
    expect(shown(result, '--quiet')).toMatchInlineSnapshot(`
      "1 conflict, left exactly as it is:
        ! conflict  dir  1.0 KiB  a file or link here, a directory in v1.1.0
          Move what is there out of the way and run the same command again.

      identity-rollback 20261120-235959-3f9a1c --home /home/ada/.identity
      "
    `);
    expect(shown(run({ plan: plan([keep('a', 'unchanged')]) }), '--quiet')).toBe('');
  });

  it('does not speak of an advance when the release stays the same', () => {
    const result = run({ plan: plan([add('a.md')], { installed: release('1.1.0') }) });
    expect(shown(result, '--restore-deleted').split('\n')[0]).toBe(
      'Added what was missing from v1.1.0 (110ccccccccc) to code-reviewer; no existing file was changed.',
    );
  });

  it('names every place under --verbose', () => {
    const result = run({
      plan: plan([overwrite('update', 'a.md'), keep('same.md', 'unchanged')]),
      operation: operation({
        displaced: '/d/1',
        snapshot: { path: '/s/x.tar.gz', sha256: 'f'.repeat(64) },
      }),
    });
    expect(shown(result, '--verbose')).toMatchInlineSnapshot(`
      "Updated code-reviewer from v1.0.0 to v1.1.0 (110ccccccccc).
        From    https://example.org/acme/identities.git
        Into    /home/ada/.identity/instances/code-reviewer
        Files   1 updated, 1.0 KiB
        Commit  110ccccccccccccccccccccccccccccccccccccc
        Tree    eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee
        Pack    identity/packs/code-reviewer

        ~ updated  a.md  1.0 KiB

      Kept as it is, 1 file:
        = kept  same.md  1.0 KiB  the same in v1.1.0

        Snapshot   /s/x.tar.gz
        SHA-256    ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
        Old files  /d/1
        Evidence   /home/ada/.identity/.identity-install/evidence/20261120-235959-3f9a1c.json
        Reference  20261120-235959-3f9a1c

      To undo this:
        identity-rollback 20261120-235959-3f9a1c --home /home/ada/.identity
      "
    `);
  });

  it('says what an earlier run left and this one settled, before anything else', () => {
    const result = {
      ...run({ plan: plan([keep('a', 'unchanged')]) }),
      recovered: [
        {
          ref,
          id: 'code-reviewer',
          outcome: 'undone' as const,
          warnings: [
            { code: 'CHANGED_DURING_APPLY' as const, path: 'a.md', message: 'was edited' },
          ],
        },
      ],
    };
    expect(shown(result, '')).toMatchInlineSnapshot(`
      "Recovered interrupted operation 20261120-235959-3f9a1c (code-reviewer): undone; the instance is as it was before.
      warning: a.md: was edited

      code-reviewer is at v1.1.0 (110ccccccccc): nothing to do.
      "
    `);
  });

  it('shows findings once, notes only when asked', () => {
    const finding = {
      code: 'PACK_FILE_MISSING',
      severity: 'warn' as const,
      path: 'META.yaml',
      message: 'The pack lacks META.yaml.',
    };
    const note = { ...finding, severity: 'info' as const, code: 'NOTE', line: 3, column: 7 };
    const result = {
      ...run({ plan: plan([keep('a', 'unchanged')], { findings: [finding] }) }),
      findings: [finding, note],
    };
    expect(shown(result, '').split('\n')[0]).toBe(
      'warning: META.yaml: The pack lacks META.yaml. [PACK_FILE_MISSING]',
    );
    expect(shown(result, '').match(/PACK_FILE_MISSING/g)).toHaveLength(1);
    expect(shown(result, '--verbose')).toContain(
      'note: META.yaml:3:7: The pack lacks META.yaml. [NOTE]',
    );
  });

  it('lets no control character of a pack through, but its own colours', () => {
    const evil = 'a\u001b[31m\u202e\u0007.md';
    const result = run({
      plan: plan([add(evil), keep(evil, 'modified-locally')], {
        release: { ...release('1.1.0'), url: `https://x/${evil}`, tag: `v1${evil}` },
      }),
      operation: operation({ warnings: [{ code: 'LATE_BYTES', path: evil, message: evil }] }),
      diffs: [{ path: evil, text: evil }],
    });
    const plain = shown(result, '--verbose');
    expect(plain).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(plain).toContain('a\\u{1b}[31m\\u{202e}\\u{7}.md');
    const coloured = shown(result, '', true);
    expect(coloured).toContain('\u001b[32m');
    expect(coloured.replace(/\u001b\[\d+m/g, '')).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  });
});
