import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { errorCodes } from '../../src/core/error-codes.ts';
import { isOperationRef } from '../../src/core/operation-ref.ts';
import { twoReleases } from '../support/helper-pack.ts';
import { isIdle } from '../support/process-state.ts';
import { programFile, runIn, type Ran } from '../support/program.ts';
import {
  answerTo,
  request,
  startServer,
  stepOf,
  toolCall,
  type StdioServer,
} from '../support/stdio-server.ts';
import { sampled } from '../support/sweep.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const stack = /^\s+at .+:\d+:\d+\)?$/m;

/** The process ends by itself: nothing else ends it before the test is given up. */
async function endOf(server: StdioServer): Promise<Ran> {
  const ran = await server.ended;
  expect(ran.stderr).not.toMatch(stack);
  return ran;
}

/** What happens to a server, and how it then ends; `finishes` where nothing asks it to stop. */
const ends = {
  'the end of its input': {
    act: ({ stdin }: StdioServer) => stdin.end(),
    status: 0,
    finishes: true,
  },
  'a client that stops reading': {
    act: ({ stdout }: StdioServer) => stdout.destroy(),
    status: 0,
    finishes: false,
  },
  'the death of its client': {
    act: ({ stdin, stdout }: StdioServer) => {
      stdin.destroy();
      stdout.destroy();
    },
    status: 0,
    finishes: false,
  },
  SIGTERM: { act: ({ kill }: StdioServer) => kill('SIGTERM'), status: 130, finishes: false },
  SIGINT: { act: ({ kill }: StdioServer) => kill('SIGINT'), status: 130, finishes: false },
} as const;
type End = keyof typeof ends;

const steps = ['Reading the pack', 'Writing', 'Installing'];
const cases = (Object.keys(ends) as End[]).flatMap((end) =>
  steps.map((step) => [end, step] as const),
);
const chosen = sampled(cases, 5);

describe('an install that identity mcp is asked for', () => {
  test.each(chosen)(
    'is finished or undone at %s during "%s", and the home is free for the next',
    async (end, step) => {
      const directory = temporaryDirectory();
      const home = join(directory, 'home');
      const instance = join(home, 'instances', 'helper');
      const server = startServer(directory, 'mcp', '--allow-write', '--home', home);
      const { say, next } = server;
      say(toolCall(1, 'identity_plan_install', { id: 'helper', from: twoReleases(100) }));
      const plan = (await next(answerTo(1)))['result'].structuredContent as {
        readonly planDigest: string;
        readonly release: { readonly url: string };
      };
      say(toolCall(2, 'identity_install', { plan_digest: plan.planDigest }));
      await next(stepOf(2, step));
      const { act, status, finishes } = ends[end];
      act(server);
      const ran = await endOf(server);
      expect(ran.status, ran.stderr).toBe(status);

      const journal = join(home, '.identity-install', 'journal');
      const pending = existsSync(journal) ? readdirSync(journal).filter(isOperationRef) : [];
      expect(pending).toEqual([]);
      const made = Object.keys(treeOf(instance)).length > 0;
      if (finishes) expect(made).toBe(true);
      if (made) expect(runIn({ directory }, 'identity', 'verify', '--home', home).status).toBe(0);
      const again = runIn(
        { directory },
        'identity-install',
        'helper',
        '--home',
        home,
        ...(made ? [] : ['--from', plan.release.url]),
      );
      expect(again.status, again.stderr).toBe(0);
    },
  );
});

describe.each([
  ['mcp', 'tools/list'],
  ['serve', 'initialize'],
])('identity %s', (command, method) => {
  const onLinux = process.platform === 'linux';
  test.runIf(onLinux)(
    'ends on a signal also while its client reads none of its answers',
    async () => {
      const server = startServer(temporaryDirectory(), command);
      for (let id = 0; id < 3000; id += 1) server.say(request(id, method));
      await new Promise((resolve) => server.stdout.once('readable', resolve));
      // Its answers fill the pipe, and it waits for somebody to take them.
      await isIdle(server.pid);
      server.kill('SIGTERM');
      expect((await endOf(server)).status).toBe(130);
    },
  );

  test('ends without a word of its own when its client goes away while it answers', async () => {
    const server = startServer(temporaryDirectory(), command);
    for (let id = 0; id < 3000; id += 1) server.say(request(id, method));
    await new Promise((resolve) => server.stdout.once('readable', resolve));
    server.stdout.destroy();
    server.stdin.destroy();
    expect(await endOf(server)).toMatchObject({ status: 0, stderr: '' });
  });
});

describe.skipIf(!existsSync('/dev/full'))('standard output on a full disk', () => {
  test.each([
    ['list', errorCodes.E_IO.exit, /^error\[E_IO\]: Standard output cannot be written \(ENOSPC\)/],
    ['mcp', 0, /^$/],
    ['serve', 0, /^$/],
  ] as const)('ends identity %s without a stack', (command, status, said) => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const directory = temporaryDirectory();
    const ran = spawnSync(process.execPath, [programFile('identity'), command], {
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: directory },
      input: `${JSON.stringify(request(1, 'ping'))}\n`,
      stdio: ['pipe', full, 'pipe'],
      encoding: 'utf8',
      timeout: 240_000,
    });
    expect(ran.status).toBe(status);
    expect(ran.stderr).toMatch(said);
    expect(ran.stderr).not.toMatch(stack);
  });
});
