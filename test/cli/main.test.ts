import { describe, expect, it } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import type { AuthorUseCases } from '../../src/cli/author/use-cases.ts';
import type { CompositionInput } from '../../src/cli/composition.ts';
import { main } from '../../src/cli/main.ts';
import type { ProgramName } from '../../src/cli/program.ts';
import type { InstallRequest } from '../../src/operations/install/request.ts';
import type { UseCases } from '../../src/operations/create-use-cases.ts';
import type { StopSignal } from '../../src/platform/process.ts';
import { discoveryContext } from '../support/discovery.ts';
import { add, operation, plan, run } from '../support/install-samples.ts';
import { validation } from '../support/validate-samples.ts';
import { homeVerification, verification } from '../support/verify-samples.ts';

const installed = run({ plan: plan([add('a.md')]), operation: operation() });

const useCases: UseCases = {
  install: async () => installed,
  rollback: async () => ({ home: '/h', runId: 'r', operations: [], notPlanned: [], recovered: [] }),
  history: async () => ({ home: '/h', head: null, operations: [], pending: [] }),
  verify: async () => verification(),
  verifyHome: async () => homeVerification(),
  register: async () => {
    throw new Error('not in these tests');
  },
  recover: async () => [],
};

const author: AuthorUseCases = {
  validate: async () => validation([]),
  selfTest: async () => ({ results: [] }),
  create: async () => ({ root: '/r', id: 'ab', pack: 'identity/packs/ab', files: [] }),
  compile: async () => ({ id: 'ab', text: 'brief\n', output: null }),
};

interface Setting extends Partial<UseCases> {
  readonly program?: ProgramName;
  readonly choose?: () => Promise<string | undefined>;
}

/** The input of a server whose client is gone. */
async function* noLines(): AsyncGenerator<Uint8Array> {
  yield* [];
}

/** Runs `main` over fake use cases and says everything it did to the process. */
async function outcomeOf(line: string, { program, choose, ...fakes }: Setting = {}) {
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
      setExitCode: (code) => seen.exitCodes.push(code),
      onStopSignal: (listener) => {
        listening = listener;
        return () => (listening = undefined);
      },
      raise: (signal) => seen.raised.push(signal),
      leaveWithin: (milliseconds) => seen.leaving.push(milliseconds),
    },
    loadLaunch: async () => ({
      startedByNpx: false,
      packageDirectory: '/p',
      node: '/node',
      onPath: (name) => `/p/bin/${name}.js`,
    }),
    loadCompose: async () => (_options, given) => {
      input = given;
      return {
        useCases: { ...useCases, ...fakes },
        author,
        discovery: async () => discoveryContext(),
        serving: async () => ({
          channel: {
            lines: noLines(),
            send: async () => undefined,
            gone: new AbortController().signal,
          },
          watcher: { watch: () => undefined },
          timer: { after: () => () => undefined },
        }),
        colour: false,
        ...(choose === undefined ? {} : { choose }),
        serveMcp: async (allowWrite) => void served.push(allowWrite),
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
    ['identity-rollback', 'last', 'identity-install/rollback-result@1'],
    ['identity-rollback', '--list', 'identity-install/history-result@1'],
    ['identity', 'history', 'identity-install/history-result@1'],
    ['identity', 'verify', 'identity-install/verify-result@1'],
    ['identity', 'verify --all', 'identity-install/verify-home-result@1'],
    ['identity', 'recover', 'identity-install/recover-result@1'],
  ] as const)('%s %s --json is one %s document', async (program, line, schema) => {
    const outcome = await outcomeOf(`${line} --json`, { program });
    expect(JSON.parse(outcome.out)).toMatchObject({ schema, exitCode: 0 });
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

  it('shows an error to programs as a document, and to people as well', async () => {
    const outcome = await outcomeOf('--json --replace ab');
    expect(JSON.parse(outcome.out)).toEqual({
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
      ['identity', 'help verify'],
    ] as const) {
      const outcome = await outcomeOf(line, { program });
      expect(outcome.out).toMatch(/^Usage: identity/);
      expect(outcome.exitCodes).toEqual([0]);
      expect(outcome.composed).toBeUndefined();
    }
  });

  it.each([
    ['', true],
    ['--yes', false],
    ['--json', false],
  ])('with %j may ask at the terminal: %s', async (line, mayAsk) => {
    let request: InstallRequest | undefined;
    await outcomeOf(line, {
      choose: async () => 'ab',
      install: async (given) => {
        request = given;
        return installed;
      },
    });
    expect(request?.choose !== undefined).toBe(mayAsk);
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
