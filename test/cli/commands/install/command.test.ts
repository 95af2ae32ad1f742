import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InstallError } from '../../../../src/core/errors.ts';
import { installCommandLine } from '../../../../src/cli/commands/install/command-line.ts';
import { install } from '../../../../src/cli/commands/install/command.ts';
import type { InstallWish } from '../../../../src/operations/install/request.ts';
import type { FileAction, Mode, Plan } from '../../../../src/planning/plan.ts';
import { asked, shown } from '../../../support/commands.ts';
import { shellWordsOf } from '../../../support/shell-split.ts';
import { add, keep, operation, plan, run } from '../../../support/install-samples.ts';
import { hintOf } from '../../../support/hint-of.ts';
import { requestOf } from '../../../support/workshop.ts';

const digest = 'a'.repeat(64);

function parsed(argv: readonly string[]) {
  const { request, options } = asked(install, argv);
  return { ...request, options };
}

function refusal(argv: readonly string[]): InstallError {
  try {
    parsed(argv);
  } catch (error) {
    if (error instanceof InstallError) return error;
    throw error;
  }
  throw new Error(`accepted: ${argv.join(' ')}`);
}

const nothingAsked: InstallWish = requestOf();

describe('identity-install, understood', () => {
  const cases: [line: string, request: Partial<InstallWish>][] = [
    ['', {}],
    ['code-reviewer', { ids: ['code-reviewer'] }],
    ['007 1e3 0x10', { ids: ['007', '1e3', '0x10'] }],
    ['ab cd ab', { ids: ['ab', 'cd'] }],
    ['-- ab -x', { ids: ['ab', '-x'] }],
    ['--all', { all: true }],
    ['--from acme/identities', { from: 'acme/identities' }],
    ['--from=--upload-pack=x', { from: '--upload-pack=x' }],
    ['--release 1.10', { release: '1.10' }],
    ['--release ~1.4.3 ab', { release: '~1.4.3', ids: ['ab'] }],
    ['--merge', { mode: 'merge' }],
    ['--merge --merge', { mode: 'merge' }],
    ['--merge --backup', { mode: 'merge', backup: true }],
    ['--backup', { backup: true }],
    ['--replace --backup', { mode: 'replace', backup: true }],
    [
      '--replace --backup --prune --include-state',
      { mode: 'replace', backup: true, prune: true, includeState: true },
    ],
    ['--keep a/** --keep=b ab', { keep: ['a/**', 'b'], ids: ['ab'] }],
    ['--restore-deleted', { restoreDeleted: true }],
    ['--plan', { stopAfter: 'plan' }],
    ['--dry-run', { stopAfter: 'dry-run' }],
    ['--check --diff', { stopAfter: 'check', diff: true }],
    [`--plan-digest ${digest.toUpperCase()}`, { planDigest: digest }],
    ['--frozen --offline', { frozen: true, offline: true }],
    ['--register --activate', { register: true, activate: true }],
    ['--allow-downgrade --accept-moved-tag', { allowDowngrade: true, acceptMovedTag: true }],
    ['--allow-http --require-valid', { allowHttp: true, requireValid: true }],
    ['--strict', { strict: true }],
    ['--max-entries 7', { limits: { entries: 7 } }],
    [
      '--max-file-bytes 512 --max-total-bytes 2G',
      { limits: { fileBytes: 512, totalBytes: 2 ** 31 } },
    ],
    ['--max-file-bytes=3K', { limits: { fileBytes: 3072 } }],
    ['--max-depth 8 --max-name-bytes 64', { limits: { depth: 8, nameBytes: 64 } }],
    ['--timeout 90', { idleMs: 90_000 }],
  ];
  it.each(cases)('%s', (line, request) => {
    expect(parsed(line.split(' ').filter(Boolean)).request).toEqual({
      ...nothingAsked,
      ...request,
    });
  });

  it('reads what every program understands', () => {
    expect(
      parsed(['--home', '/h', '--wait=86400', '--json', '--verbose', '--no-color', '--yes']),
    ).toMatchObject({
      options: { home: '/h', wait: 86_400, json: true, quiet: false, verbose: true, color: false },
      yes: true,
    });
    expect(parsed(['--scope', 'project', '--quiet']).options).toEqual({
      scope: 'project',
      json: false,
      quiet: true,
      verbose: false,
      color: true,
    });
  });
});

describe('identity-install, refused', () => {
  const cases: [line: string, code: string, message: string, hint: string][] = [
    ['--repalce', 'E_USAGE', 'There is no option --repalce.', 'Did you mean --replace?'],
    ['--frm=x', 'E_USAGE', 'There is no option --frm.', 'Did you mean --from?'],
    ['--no-colour', 'E_USAGE', 'There is no option --no-colour.', 'Did you mean --no-color?'],
    ['--includeState', 'E_USAGE', 'no option --includeState', 'Did you mean --include-state?'],
    ['--no-plan', 'E_USAGE', 'There is no option --no-plan.', 'help lists the options'],
    ['-x', 'E_USAGE', 'There is no option -x.', 'help lists the options'],
    ['-merge', 'E_USAGE', 'There is no option -merge.', 'Did you mean --merge?'],
    ['--plan.x', 'E_USAGE', 'There is no option --plan.x.', ''],
    ['--__proto__=x', 'E_USAGE', 'There is no option --__proto__.', ''],
    ['--constructor', 'E_USAGE', 'There is no option --constructor.', ''],
    ['--_=x', 'E_USAGE', 'There is no option --_.', ''],
    ['--$0=x', 'E_USAGE', 'There is no option --$0.', ''],
    ['--=x', 'E_USAGE', 'There is no option --.', ''],
    ['--merge=false', 'E_USAGE', '--merge takes no value.', 'leave it out'],
    ['--from', 'E_USAGE', '--from needs a value.', 'Write --from <source>.'],
    ['--home --merge', 'E_USAGE', '--home needs a value.', ''],
    ['--release=', 'E_USAGE', '--release needs a value.', ''],
    ['--keep', 'E_USAGE', '--keep needs a value.', ''],
    ['--from a --from b', 'E_USAGE', '--from was given 2 times.', 'Give it once.'],
    ['--merge --replace --backup', 'E_USAGE', '--merge and --replace exclude each other.', ''],
    ['--plan --check', 'E_USAGE', '--plan and --check exclude each other.', ''],
    [`--plan --plan-digest ${digest}`, 'E_USAGE', '--plan and --plan-digest exclude', ''],
    ['--frozen --release v1', 'E_USAGE', '--frozen and --release exclude each other.', ''],
    ['--quiet --verbose', 'E_USAGE', '--quiet and --verbose exclude each other.', ''],
    ['--wait soon', 'E_USAGE', '--wait takes whole seconds, not "soon".', 'to 86400'],
    ['--home h --scope user', 'E_USAGE', '--home and --scope exclude each other.', ''],
    ['--scope world', 'E_USAGE', '--scope does not know "world".', 'user, project, admin'],
    ['--plan-digest abc', 'E_USAGE', '--plan-digest must be a SHA-256', 'whole digest'],
    ['--max-file-bytes 64MB', 'E_USAGE', '--max-file-bytes 64MB is not a valid size.', '128M'],
    ['--max-file-bytes 1.5G', 'E_USAGE', 'is not a valid size', ''],
    ['--max-file-bytes 64m', 'E_USAGE', 'is not a valid size', ''],
    ['--max-file-bytes 2G', 'E_USAGE', 'is more than the maximum of 1073741824', ''],
    ['--max-total-bytes 99999999999999999999', 'E_USAGE', 'is not a valid size', ''],
    ['--max-entries 1K', 'E_USAGE', 'is not a valid whole number above zero', ''],
    ['--max-entries 0', 'E_USAGE', 'is not a valid whole number above zero', ''],
    ['--max-entries=-1', 'E_USAGE', 'is not a valid whole number above zero', ''],
    ['--max-entries 100001', 'E_USAGE', 'is more than the maximum of 100000', ''],
    ['--timeout 0x10', 'E_USAGE', 'is not a valid whole number above zero', ''],
    ['--timeout 1e3', 'E_USAGE', 'is not a valid whole number above zero', ''],
    ['--replace', 'E_REPLACE_NEEDS_BACKUP', '--replace overwrites files', 'Add --backup'],
    ['--prune', 'E_USAGE', '--prune has an effect only with --replace.', 'Add --replace'],
    ['--merge --include-state', 'E_USAGE', '--include-state has an effect only', ''],
    ['--all ab', 'E_USAGE', '--all and named identities exclude each other.', ''],
    ['./packs', 'E_ID_INVALID', '"./packs" is not a valid identity id.', 'write --from before it'],
    ['acme/packs', 'E_ID_INVALID', '"acme/packs" is not a valid identity id.', '--from'],
    ['git@example.org:acme/packs', 'E_ID_INVALID', 'not a valid identity id', '--from'],
    ['packs.tar.gz', 'E_ID_INVALID', 'not a valid identity id', '--from'],
    [
      'code-reviewer@1.0.0',
      'E_ID_INVALID',
      '"code-reviewer@1.0.0" is not a valid identity id.',
      'identity-install code-reviewer --release 1.0.0',
    ],
    ['Reviewer', 'E_ID_INVALID', '"Reviewer" is not a valid identity id', ''],
    ['catalog', 'E_ID_RESERVED', '"catalog" is a name that the home uses', ''],
  ];
  it.each(cases)('%s', (line, code, message, hint) => {
    const error = refusal(line.split(' '));
    expect(error.code).toBe(code);
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(message);
    expect(hintOf(error)).toContain(hint);
  });
});

describe('a command line made from a request', () => {
  const word = fc.string({ minLength: 1 }).filter((text) => text !== '--');
  const wish = fc
    .record(
      {
        ids: fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{6,20}$/), { maxLength: 3 }),
        from: word,
        release: word,
        mode: fc.constantFrom<Mode>('preserve', 'merge', 'replace'),
        keep: fc.array(word, { maxLength: 3 }),
        stopAfter: fc.constantFrom('plan' as const, 'dry-run' as const, 'check' as const),
        diff: fc.boolean(),
        offline: fc.boolean(),
        register: fc.boolean(),
        allowHttp: fc.boolean(),
        strict: fc.boolean(),
        limits: fc.record(
          {
            entries: fc.integer({ min: 1, max: 100_000 }),
            fileBytes: fc.integer({ min: 1, max: 2 ** 30 }),
          },
          { requiredKeys: ['entries'] },
        ),
        idleMs: fc.integer({ min: 1, max: 86_400 }).map((seconds) => seconds * 1000),
      },
      { requiredKeys: [] },
    )
    .map((part): InstallWish => ({ ...nothingAsked, ...part, backup: part.mode === 'replace' }));

  it('asks for the same again', () => {
    fc.assert(
      fc.property(wish, (request) => {
        const line = installCommandLine(request, parsed([]).options);
        expect(parsed(shellWordsOf(line)).request).toEqual(request);
      }),
    );
  });
});

describe('the result', () => {
  const conflict = keep('a', 'conflict', { conflict: 'both-changed' });
  const register: Partial<Plan> = { catalog: [{ kind: 'register', before: null, after: 'x' }] };
  const cases: [line: string, actions: FileAction[], more: Partial<Plan>, code: number][] = [
    ['', [], {}, 0],
    ['', [add('a')], {}, 0],
    ['', [keep('a', 'modified-locally'), keep('b', 'no-base')], {}, 0],
    ['', [conflict], {}, 1],
    ['--merge', [conflict], {}, 1],
    ['--merge', [keep('a', 'no-base')], {}, 1],
    ['--merge', [keep('a', 'modified-locally')], {}, 0],
    ['--merge --plan', [conflict], {}, 1],
    ['--replace --backup', [keep('a', 'state')], {}, 0],
    ['--plan', [add('a')], {}, 0],
    ['--check', [keep('a', 'upgrade-available')], {}, 0],
    ['--check', [add('a')], {}, 1],
    ['--check', [keep('a', 'unchanged')], register, 1],
    ['', [keep('a', 'unchanged')], register, 0],
  ];
  it.each(cases)('of %s has its exit code %#', async (line, actions, more, code) => {
    const { mode } = asked(install, line).request.request;
    const result = run({ plan: plan(actions, { mode, ...more }) });
    const { exitCode } = await shown(install, line, result);
    expect(exitCode).toBe(code);
  });

  it('has exit code 1 when any identity of the run has a conflict', async () => {
    const clean = run({ plan: plan([add('a')]) });
    const other = run({ plan: plan([conflict]) });
    const both = { ...clean, identities: [...clean.identities, ...other.identities] };
    expect((await shown(install, '', both)).exitCode).toBe(1);
  });

  it('is shown to people and to programs', async () => {
    const done = run({ plan: plan([add('a.md')]), operation: operation() });
    const { text, document } = await shown(install, '', done);
    expect(text).toContain('Updated code-reviewer from v1.0.0');
    expect(document).toMatchObject({ schema: 'identity-install/install-result@1', exitCode: 0 });
  });
});
