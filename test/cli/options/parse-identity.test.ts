import { describe, expect, it } from 'vitest';
import { helpTopicOf } from '../../../src/cli/options/help-topic.ts';
import { parseIdentity } from '../../../src/cli/options/parse-identity.ts';
import { saying } from '../../support/hint-of.ts';

const head = 'ab'.repeat(32);

describe('identity, understood', () => {
  const cases: [line: string, command: object][] = [
    ['verify', { kind: 'verify', request: { ids: [] } }],
    ['verify ab 007 ab', { kind: 'verify', request: { ids: ['ab', '007'] } }],
    ['verify --all', { kind: 'verify-home', request: {} }],
    [`verify --all --expect-head ${head}`, { kind: 'verify-home', request: { expectHead: head } }],
    [
      `verify ab --expect-head ${head.toUpperCase()}`,
      { kind: 'verify', request: { ids: ['ab'], expectHead: head } },
    ],
    ['--json history', { kind: 'history' }],
    ['recover --home /h', { kind: 'recover' }],
    [
      'validate',
      { kind: 'validate', request: { ids: [], contracts: [], inHome: false }, strict: false },
    ],
    [
      '--home /h validate ab --contract routing --contract catalog --contract routing --strict',
      {
        kind: 'validate',
        request: { ids: ['ab'], contracts: ['routing', 'catalog'], inHome: true },
        strict: true,
      },
    ],
    [
      'validate --root r --catalog c.yaml --now 2026-02-22T12:00:00+01:00 --format sarif',
      {
        kind: 'validate',
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
    ['validate --self-test --contract routing', { kind: 'self-test', contracts: ['routing'] }],
    [
      'create ab --title T --tag a --tag b --mcp git --default --root r',
      {
        kind: 'create',
        request: {
          id: 'ab',
          title: 'T',
          root: 'r',
          tags: ['a', 'b'],
          skills: [],
          mcpServers: ['git'],
          makeDefault: true,
        },
      },
    ],
    [
      'create',
      { kind: 'create', request: { tags: [], skills: [], mcpServers: [], makeDefault: false } },
    ],
    ['register ab', { kind: 'register', request: { id: 'ab', activate: false } }],
    ['activate ab --home /h', { kind: 'register', request: { id: 'ab', activate: true } }],
    ['compile', { kind: 'compile', request: { inHome: false } }],
    [
      'compile ab --home /h --output o.md',
      { kind: 'compile', request: { id: 'ab', output: 'o.md', inHome: true } },
    ],
    ['list', { kind: 'list', wish: { cwds: [], roots: [], parents: false } }],
    [
      'list --cwd a --cwd b --root c --parents',
      { kind: 'list', wish: { cwds: ['a', 'b'], roots: ['c'], parents: true } },
    ],
    ['show ab', { kind: 'show', id: 'ab', wish: { cwds: [], roots: [], parents: false } }],
    [
      'match review --identity ab',
      {
        kind: 'match',
        objective: 'review',
        id: 'ab',
        wish: { cwds: [], roots: [], parents: false },
      },
    ],
    ['serve --root c', { kind: 'serve', wish: { cwds: [], roots: ['c'], parents: false } }],
    ['help', { kind: 'help', topic: 'identity' }],
    ['help verify', { kind: 'help', topic: 'identity verify' }],
  ];
  it.each(cases)('%s', (line, command) => {
    expect(parseIdentity(line.split(' ')).command).toEqual(command);
  });
});

describe('identity, refused', () => {
  const cases: [line: string, message: string, hint: string][] = [
    [
      '',
      'Which command?',
      'list, show, match, verify, validate, create, register, activate, compile, history, recover, serve, mcp, help',
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
    ['frobnicate', 'There is no command "frobnicate".', 'The commands are:'],
    ['history ab', '"identity history" takes no names.', 'Leave out: ab.'],
    ['help nothing', 'There is no command "nothing".', ''],
    ['verify ab --all', '--all is about the whole home', 'Leave out --all, or: ab.'],
    ['verify --expect-head abc', '--expect-head is no SHA-256: "abc".', '64 hex digits'],
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
    ['validate ab --self-test', '--self-test looks at no pack of yours.', 'Leave out: ab.'],
    ['validate --self-test --strict', '--self-test and --strict exclude each other.', ''],
    ['verify --strict', '"identity verify" has no option --strict.', '"identity validate" has'],
    ['validate --all', '"identity validate" has no option --all.', '"identity verify" has'],
    ['create ab cd', '"identity create" takes one id.', 'identity create <id>'],
    ['register ab cd', '"identity register" takes one id.', 'identity register <id>'],
    ['activate ab --root .', '"identity activate" has no option --root.', '"identity validate",'],
    ['create Ab', 'Ab', ''],
    ...cases,
  ])('%s', (line, message, hint) => {
    const attempt = () => parseIdentity(line.split(' ').filter(Boolean));
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ exitCode: 2, remedy: saying(hint) }));
  });
});

describe('--help', () => {
  it.each([
    ['identity-install', ['verify', '--help'], 'identity-install'],
    ['identity', ['--help'], 'identity'],
    ['identity', ['verify', '--help', '--bogus'], 'identity verify'],
    ['identity', ['help', '--help'], 'identity'],
    ['identity', ['--help', '--', 'verify'], 'identity'],
  ] as const)('of %s %j is about %s', (program, argv, topic) => {
    expect(helpTopicOf(program, argv)).toBe(topic);
  });
});
