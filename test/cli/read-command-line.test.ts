import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, DefinedCommand } from '../../src/cli/command/command.ts';
import { registry } from '../../src/cli/commands/registry.ts';
import { identityRows, isProgram } from '../../src/cli/command/row.ts';
import { readGlobalOptions } from '../../src/cli/options/global-options.ts';
import { readCommandLine } from '../../src/cli/read-command-line.ts';
import { saying } from '../support/hint-of.ts';

/** The command that a line of `identity` names, and what it is asked for. */
async function understood(line: string): Promise<readonly [name: string, request: unknown]> {
  const argv = line.split(' ').filter(Boolean);
  const { row, command, readArguments } = await readCommandLine('identity', argv, registry);
  if (row === undefined || command === undefined) throw new Error(`no command: ${line}`);
  const given = readArguments();
  readGlobalOptions(given);
  const { parse } = command as Command & Pick<DefinedCommand<unknown, object>, 'parse'>;
  return [row.name, parse(given)];
}

const head = 'ab'.repeat(32);

describe('identity, understood', () => {
  const cases: [line: string, name: string, request: unknown][] = [
    ['verify', 'verify', { kind: 'identities', request: { ids: [] }, report: false }],
    [
      'verify ab 007 ab',
      'verify',
      { kind: 'identities', request: { ids: ['ab', '007'] }, report: false },
    ],
    [
      'verify ab --report',
      'verify',
      { kind: 'identities', request: { ids: ['ab'] }, report: true },
    ],
    ['verify --all', 'verify', { kind: 'home', request: {} }],
    ['--all verify', 'verify', { kind: 'home', request: {} }],
    ['--home list verify', 'verify', { kind: 'identities', request: { ids: [] }, report: false }],
    [
      `verify --all --expect-head ${head}`,
      'verify',
      { kind: 'home', request: { expectHead: head } },
    ],
    [
      `verify ab --expect-head ${head.toUpperCase()}`,
      'verify',
      { kind: 'identities', request: { ids: ['ab'], expectHead: head }, report: false },
    ],
    ['--json history', 'history', undefined],
    ['recover --home /h', 'recover', undefined],
    [
      'validate',
      'validate',
      { kind: 'packs', request: { ids: [], contracts: [], inHome: false }, strict: false },
    ],
    [
      '--home /h validate ab --contract routing --contract catalog --contract routing --strict',
      'validate',
      {
        kind: 'packs',
        request: { ids: ['ab'], contracts: ['routing', 'catalog'], inHome: true },
        strict: true,
      },
    ],
    [
      'validate --root r --catalog c.yaml --now 2026-02-22T12:00:00+01:00 --format sarif',
      'validate',
      {
        kind: 'packs',
        request: {
          ids: [],
          contracts: [],
          root: 'r',
          catalog: 'c.yaml',
          now: new Date('2026-02-22T11:00:00Z'),
          inHome: false,
        },
        strict: false,
        format: 'sarif',
      },
    ],
    [
      'validate --self-test --contract routing',
      'validate',
      { kind: 'self-test', contracts: ['routing'] },
    ],
    [
      'create ab --title T --tag a --tag b --mcp git --default --root r',
      'create',
      {
        id: 'ab',
        title: 'T',
        root: 'r',
        tags: ['a', 'b'],
        skills: [],
        mcpServers: ['git'],
        makeDefault: true,
      },
    ],
    ['create', 'create', { tags: [], skills: [], mcpServers: [], makeDefault: false }],
    ['register ab', 'register', { id: 'ab', activate: false }],
    ['activate ab --home /h', 'activate', { id: 'ab', activate: true }],
    ['compile', 'compile', { inHome: false }],
    ['compile ab --home /h --output o.md', 'compile', { id: 'ab', output: 'o.md', inHome: true }],
    ['list', 'list', { cwds: [], roots: [], parents: false }],
    [
      'list --cwd a --cwd b --root c --parents',
      'list',
      { cwds: ['a', 'b'], roots: ['c'], parents: true },
    ],
    [
      '--root list show ab',
      'show',
      { id: 'ab', wish: { cwds: [], roots: ['list'], parents: false } },
    ],
    [
      'match review --identity ab',
      'match',
      { objective: 'review', id: 'ab', wish: { cwds: [], roots: [], parents: false } },
    ],
  ];
  it.each(cases)('%s', async (line, name, request) => {
    expect(await understood(line)).toEqual([name, request]);
  });
});

describe('identity, refused', () => {
  const cases: [line: string, message: string, hint: string][] = [
    [
      '',
      'Which command?',
      identityRows(registry)
        .map(({ name }) => name)
        .join(', '),
    ],
    ['list ab', '"identity list" takes no names.', 'Leave out: ab.'],
    ['list --identity ab', '"identity list" has no option --identity.', '"identity match" has;'],
    ['serve --cwd a', '"identity serve" has no option --cwd.', 'identity help serve'],
    ['serve --wait 1', '"identity serve" has no option --wait.', 'identity help serve'],
    ['serve --quiet', '"identity serve" has no option --quiet.', 'identity help serve'],
    ['mcp --json', '"identity mcp" has no option --json.', 'identity help mcp'],
    ['mcp --verbose', '"identity mcp" has no option --verbose.', 'identity help mcp'],
    ['show', '"identity show" needs exactly one <id>.', 'identity show <id>'],
    ['match a b', '"identity match" needs exactly one', 'identity match "<objective>"'],
    ['show ab --cwd a --cwd b', '"identity show" looks at one project', '"identity list" takes'],
    ['validate --root a --root b', '--root was given 2 times.', 'Give it once.'],
    ['verfiy', 'There is no command "verfiy".', 'Did you mean "identity verify"?'],
    ['install', 'There is no command "install".', 'identity-install'],
    ['rollback', 'There is no command "rollback".', 'identity-rollback'],
    ['remove', 'There is no command "remove".', 'No command removes an identity'],
    ['deactivate', 'There is no command "deactivate".', 'identity-rollback undoes'],
    ['unregister', 'There is no command "unregister".', 'identity-rollback undoes'],
    ['toString', 'There is no command "toString".', 'The commands are:'],
    ['verfy --help', 'There is no command "verfy".', 'Did you mean "identity verify"?'],
    ['verify --al', 'There is no option --al.', 'Did you mean --all? identity verify --help'],
    ['--merge', 'There is no option --merge.', 'identity --help'],
    ['verify code-reviewer@1.0.0', 'is not a valid identity id', '--release 1.0.0'],
    ['frobnicate', 'There is no command "frobnicate".', 'The commands are:'],
    ['history ab', '"identity history" takes no names.', 'Leave out: ab.'],
    ['help nothing', 'There is no command "nothing".', ''],
    ['verify --all --report', '--all and --report exclude each other.', ''],
    ['verify ab --all', '--all checks the whole home', 'Leave out --all, or: ab.'],
    ['verify --expect-head abc', '--expect-head is not a valid SHA-256: "abc".', '64 hex digits'],
    ['history --all', '"identity history" has no option --all.', 'identity help history'],
    [
      `recover --expect-head ${head}`,
      '"identity recover" has no option --expect-head.',
      '"identity verify" has',
    ],
  ];
  it.each([
    ['validate --contract routin', '--contract does not know "routin".', 'Did you mean "routing"?'],
    ['validate --format serif', '--format does not know "serif".', 'Did you mean "sarif"?'],
    ['validate --now yesterday', '--now does not understand "yesterday".', '2026-02-22'],
    ['validate --now 2026-02-30', '--now does not understand', '2026-02-22'],
    ['validate --now 2026-02-22T12:00', '--now does not understand', 'with its zone'],
    ['validate --json --format github', '--json and --format exclude each other.', ''],
    ['validate --root . --home h', '--root and --home exclude each other.', ''],
    ['validate ab --self-test', '--self-test does not check your packs.', 'Leave out: ab.'],
    ['validate --self-test --strict', '--self-test and --strict exclude each other.', ''],
    ['verify --strict', '"identity verify" has no option --strict.', '"identity validate" has'],
    ['validate --all', '"identity validate" has no option --all.', '"identity verify" has'],
    ['create ab cd', '"identity create" takes one id.', 'identity create <id>'],
    ['register ab cd', '"identity register" takes one id.', 'identity register <id>'],
    ['activate ab --root .', '"identity activate" has no option --root.', '"identity validate",'],
    ['create Ab', 'Ab', ''],
    ...cases,
  ])('%s', async (line, message, hint) => {
    await expect(understood(line)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
      remedy: saying(hint),
    });
  });
});

describe('--help', () => {
  it.each([
    ['identity-install', ['verify', '--help'], 'identity-install'],
    ['identity', ['--help'], undefined],
    ['identity', ['verify', '--help', '--bogus'], 'verify'],
    ['identity', ['show', 'list', '--help'], 'show'],
    ['identity', ['--root', 'list', 'show', '-h'], 'show'],
    ['identity', ['help', '--help'], 'help'],
    ['identity', ['--help', '--', 'verify'], undefined],
    ['identity', ['verify', '-hV'], 'verify'],
  ] as const)('of %s %j is about %s', async (program, argv, name) => {
    expect(await readCommandLine(program, argv, registry)).toMatchObject({ help: true });
    const { row } = await readCommandLine(program, argv, registry);
    expect(row?.name).toBe(name);
  });
});

describe('any command line', () => {
  const rows = registry.filter(({ name }) => !isProgram(name));
  const word = fc.oneof(
    fc.constantFrom('--json', '--home', '--home=/h', '--all', '-h', '--', '-', '--wait', '7'),
    fc.constantFrom(...rows.map(({ name }) => name)),
    fc.stringMatching(/^-{0,3}[a-zA-Z$_.=-]{0,8}$/),
    fc.string(),
  );

  it('is understood or refused, and loads the one command that it names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (argv) => {
        try {
          const { row, command, help, readArguments } = await readCommandLine(
            'identity',
            argv,
            registry,
          );
          expect(row === undefined).toBe(command === undefined);
          if (!help) readArguments();
        } catch (error) {
          expect(error).toMatchObject({ name: 'InstallError', code: 'E_USAGE' });
        }
      }),
    );
  });
});
