import { describe, expect, it } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import {
  defineCommand,
  defineServer,
  type Command,
  type Setting,
} from '../../src/cli/command/command.ts';
import { history } from '../../src/cli/commands/history.ts';
import { install } from '../../src/cli/commands/install/command.ts';
import { mcp } from '../../src/cli/commands/mcp.ts';
import { recover } from '../../src/cli/commands/recover.ts';
import { registry } from '../../src/cli/commands/registry.ts';
import type { Row } from '../../src/cli/command/row.ts';
import { verify } from '../../src/cli/commands/verify.ts';
import type { Composition, CompositionInput } from '../../src/cli/composition.ts';
import { main } from '../../src/cli/main.ts';
import type { ProgramName } from '../../src/cli/program.ts';
import type { InstallRun } from '../../src/operations/install/outcome.ts';
import type { StopSignal } from '../../src/platform/process.ts';
import { add, operation, plan, run } from '../support/install-samples.ts';
import { checkedResult } from '../support/result-schemas.ts';
import { homeVerification, verification } from '../support/verify-samples.ts';

const installed = run({ plan: plan([add('a.md')]), operation: operation() });
const nothing = { home: '/h', head: null, operations: [], pending: [] };

/** The registry, in which some commands answer at once and touch nothing. */
function rowsWith(
  runInstall: (setting: Setting) => Promise<InstallRun>,
  serveMcp: (allowWrite: boolean) => void,
): readonly Row[] {
  const commands: Readonly<Record<string, Command>> = {
    'identity-install': defineCommand({
      ...install,
      run: (_request, setting) => runInstall(setting),
    }),
    history: defineCommand({ ...history, run: async () => nothing }),
    verify: defineCommand({
      ...verify,
      run: async ({ kind }) => (kind === 'home' ? homeVerification() : verification()),
    }),
    recover: defineCommand({ ...recover, run: async () => ({ recovered: [] }) }),
    mcp: defineServer({
      ...mcp,
      parse: (given) => given.flag('allow-write'),
      serve: async (allowWrite) => serveMcp(allowWrite),
    }),
  };
  return registry.map((row) => ({
    ...row,
    load: async () => commands[row.name] ?? (await row.load()),
  }));
}

interface Given {
  readonly program?: ProgramName;
  readonly choose?: () => Promise<string | undefined>;
  readonly install?: (setting: Setting) => Promise<InstallRun>;
}

/** What no command of these tests may ask of the composition. */
function untouched(name: keyof Composition): () => never {
  return () => {
    throw new Error(`Nothing here needs ${name}.`);
  };
}

/** Runs `main` over such commands and says everything it did to the process. */
async function outcomeOf(line: string, given: Given = {}) {
  const { program, choose, install: runInstall = async () => installed } = given;
  const seen = {
    out: '',
    err: '',
    exitCodes: [] as number[],
    raised: [] as StopSignal[],
    leaving: [] as number[],
  };
  let closed = 0;
  const served: boolean[] = [];
  let listening: ((signal: StopSignal, count: number) => void) | undefined;
  let input: CompositionInput | undefined;
  const finished = main({
    program: program ?? 'identity-install',
    process: {
      arguments: line.split(' ').filter(Boolean),
      out: (text) => (seen.out += text),
      err: (text) => (seen.err += text),
      screen: () => ({ colour: false }),
      setExitCode: (code) => seen.exitCodes.push(code),
      onStopSignal: (listener) => {
        listening = listener;
        return () => (listening = undefined);
      },
      raise: (signal) => seen.raised.push(signal),
      forceExitAfter: (milliseconds) => seen.leaving.push(milliseconds),
    },
    loadLaunch: async () => ({
      npxTarball: undefined,
      packageDirectory: '/p',
      node: '/node',
      onPath: (name) => `/p/bin/${name}.js`,
    }),
    rows: rowsWith(runInstall, (allowWrite) => void served.push(allowWrite)),
    loadCompose: async () => (_options, asked) => {
      input = asked;
      return {
        openHome: untouched('openHome'),
        get adapters() {
          return untouched('adapters')();
        },
        get looking() {
          return untouched('looking')();
        },
        place: () => '/h',
        discovery: untouched('discovery'),
        serving: untouched('serving'),
        say: untouched('say'),
        ...(choose === undefined ? {} : { choose }),
        close: () => (closed += 1),
      };
    },
  });
  current = {
    signal: (signal, count) => listening?.(signal, count),
    aborted: () => input?.signal.aborted === true,
    throwIfAborted: () => input?.signal.throwIfAborted(),
  };
  await finished;
  return { ...seen, closed, served, stillListening: listening !== undefined, composed: input };
}

/** What a fake use case may do to the run that it is in. */
let current: {
  signal: (signal: StopSignal, count: number) => void;
  aborted: () => boolean;
  throwIfAborted: () => void;
};

describe('main', () => {
  it('prints a result on standard output and sets the exit code once', async () => {
    const outcome = await outcomeOf('code-reviewer');
    expect(outcome.exitCodes).toEqual([0]);
    expect(outcome.out).toContain('Updated code-reviewer from v1.0.0');
    expect(outcome.err).toBe('');
    expect(outcome.closed).toBe(1);
    expect(outcome.stillListening).toBe(false);
  });

  it.each([
    ['identity-install', 'ab', 'identity-install/install-result@1'],
    ['identity', 'history', 'identity-install/history-result@1'],
    ['identity', 'verify', 'identity-install/verify-result@1'],
    ['identity', 'verify --all', 'identity-install/verify-home-result@1'],
    ['identity', 'recover', 'identity-install/recover-result@1'],
  ] as const)('%s %s --json is one %s document', async (program, line, schema) => {
    const outcome = await outcomeOf(`${line} --json`, { program });
    expect(checkedResult(JSON.parse(outcome.out))).toMatchObject({ schema, exitCode: 0 });
    expect(outcome.err).toBe('');
  });

  it.each([
    ['mcp', false],
    ['mcp --allow-write', true],
  ])(
    'serves on "identity %s", writing allowed: %s, and prints nothing itself',
    async (line, allowed) => {
      const outcome = await outcomeOf(line, { program: 'identity' });
      expect(outcome).toMatchObject({
        served: [allowed],
        out: '',
        err: '',
        exitCodes: [0],
        closed: 1,
      });
    },
  );

  it('refuses --json where standard output belongs to the protocol', async () => {
    const outcome = await outcomeOf('mcp --json', { program: 'identity' });
    expect(outcome).toMatchObject({ served: [], exitCodes: [2] });
  });

  it('keeps what a terminal would obey out of JSON without changing the values', async () => {
    const evil = 'a\u001b\u009b\u202e\u{e0041}.md';
    const outcome = await outcomeOf('--json', {
      install: async () => run({ plan: plan([add(evil)]) }),
    });
    expect(outcome.out).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(JSON.parse(outcome.out).identities[0].plan.actions[0].path).toBe(evil);
  });

  it('shows an error to people on standard error', async () => {
    const outcome = await outcomeOf('ab', {
      install: async () => {
        throw new InstallError('E_TAG_MOVED', 'v1.0.0 points\u001b[2J elsewhere.', {
          remedy: 'Ask the publisher.\nOr accept it.',
          details: { was: 'a', is: 'b' },
        });
      },
    });
    expect(outcome.out).toBe('');
    expect(outcome.err).toBe(
      'error[E_TAG_MOVED]: v1.0.0 points\\u{1b}[2J elsewhere.\n  Ask the publisher.\n  Or accept it.\n',
    );
    expect(outcome.exitCodes).toEqual([5]);
    expect(outcome.closed).toBe(1);
  });

  it('leaves a command that a remedy names whole, and names the home again', async () => {
    const thrown = () => {
      throw new InstallError('E_NOT_INSTALLED', 'ab is not installed.', {
        remedy: { kind: 'command', command: 'install', id: 'ab', to: 'install it' },
      });
    };
    const { err } = await outcomeOf(`--home ${'/h'.repeat(60)} ab`, { install: thrown });
    const [, sentence, command] = err.split('\n');
    expect(sentence).toBe('  To install it:');
    expect(command).toMatch(/^ {4}\S.* ab --home (\/h){60}$/);
    const scoped = await outcomeOf('--scope=project ab', { install: thrown });
    expect(scoped.err).toMatch(/ ab --scope project\n$/);
  });

  it('shows an error to programs as a document, and to people as well', async () => {
    const outcome = await outcomeOf('--json --replace ab');
    expect(checkedResult(JSON.parse(outcome.out))).toEqual({
      schema: 'identity-install/error@1',
      exitCode: 2,
      code: 'E_REPLACE_NEEDS_BACKUP',
      message: expect.any(String),
      hint: expect.stringContaining('--backup'),
      details: {},
    });
    expect(outcome.err).toMatch(/^error\[E_REPLACE_NEEDS_BACKUP\]: /);
    expect(outcome.composed).toBeUndefined();
  });

  it('calls what nobody foresaw a defect, its stack only under --verbose', async () => {
    const install = async () => {
      throw new TypeError('x is not a function');
    };
    const short = await outcomeOf('ab', { install });
    expect(short.exitCodes).toEqual([70]);
    expect(short.err).toMatch(/^error\[E_BUG\]: .*x is not a function\n/);
    expect(short.err).toContain('Please report this');
    expect(short.err).not.toContain('main.test.ts');
    const long = await outcomeOf('ab --verbose', { install });
    expect(long.err).toContain('caused by TypeError: x is not a function');
    expect(long.err).toContain('main.test.ts');
  });

  it('prints help without composing anything', async () => {
    for (const [program, line] of [
      ['identity-install', '--bogus --help'],
      ['identity', '--help'],
      ['identity', 'verify --help'],
      ['identity-rollback', '-hV'],
    ] as const) {
      const outcome = await outcomeOf(line, { program });
      expect(outcome.out).toMatch(/^Usage: identity/);
      expect(outcome.exitCodes).toEqual([0]);
      expect(outcome.composed).toBeUndefined();
    }
  });

  it('calls what the operating system refuses by its code, and says where', async () => {
    const outcome = await outcomeOf('ab', {
      install: async () => {
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      },
    });
    expect(outcome.exitCodes).toEqual([3]);
    expect(outcome.err).toMatch(/^error\[E_NO_SPACE\]: working in \/h: ENOSPC/);
  });

  it.each([
    ['identity', 'bogus --help'],
    ['identity', '--help bogus'],
  ] as const)('refuses %s %s as it refuses the command', async (program, line) => {
    const outcome = await outcomeOf(line, { program });
    expect(outcome).toMatchObject({ exitCodes: [2], out: '' });
    expect(outcome.err).toContain('There is no command "bogus".');
  });
});

describe('a stop signal', () => {
  it('aborts the run, which ends with 130', async () => {
    const outcome = await outcomeOf('ab', {
      install: async () => {
        current.signal('SIGTERM', 1);
        current.throwIfAborted();
        return installed;
      },
    });
    expect(outcome.exitCodes).toEqual([130]);
    expect(outcome.err).toContain('finished or undone first');
    expect(outcome.err).toContain('error[E_INTERRUPTED]: The run was interrupted by SIGTERM.');
  });

  it('is still told by the exit code when the run came too far to stop', async () => {
    const outcome = await outcomeOf('ab --json', {
      install: async () => {
        current.signal('SIGINT', 1);
        current.signal('SIGINT', 2);
        return installed;
      },
    });
    expect(outcome.exitCodes).toEqual([130]);
    expect(JSON.parse(outcome.out).exitCode).toBe(130);
    expect(outcome.err).toContain('Still finishing.');
    expect(outcome.raised).toEqual([]);
  });

  it('is an interruption, whatever the interrupted code threw', async () => {
    const outcome = await outcomeOf('ab', {
      install: async () => {
        current.signal('SIGINT', 1);
        throw new Error('This operation was aborted');
      },
    });
    expect(outcome.exitCodes).toEqual([130]);
    expect(outcome.err).not.toContain('E_BUG');
  });

  it('ends the process at the third time', async () => {
    const outcome = await outcomeOf('ab', {
      install: async () => {
        for (const count of [1, 2, 3]) current.signal('SIGINT', count);
        return installed;
      },
    });
    expect(outcome.raised).toEqual(['SIGINT']);
  });
});
