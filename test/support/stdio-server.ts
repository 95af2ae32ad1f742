import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Answer } from './mcp.ts';
import { programFile, type Ran } from './program.ts';

/** A server of ours as a client has it: a process that reads and writes lines. */
export interface StdioServer {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Writes lines; what is not text is written as JSON. */
  readonly say: (...messages: readonly (string | object)[]) => void;
  /** The first message that fits and was not given yet; they are read as they are asked for. */
  readonly next: (fits?: (message: Answer) => boolean) => Promise<Answer>;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<Ran>;
}

/** Starts `identity <...args>` in a directory, which is the person's home too. */
export function startServer(directory: string, ...args: readonly string[]): StdioServer {
  const child = spawn(process.execPath, [programFile('identity'), ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: directory, LC_ALL: 'C' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { stdin, stdout, stderr } = child;
  // A client that went away does not fail the test.
  stdin.on('error', () => undefined);
  const said = { stdout: '', stderr: '' };
  stderr.on('data', (chunk) => (said.stderr += String(chunk)));
  const heard: Answer[] = [];
  let rest = '';
  let wake: (() => void) | undefined;
  const listen = (): void => {
    if (stdout.listenerCount('data') > 0) return;
    stdout.on('data', (chunk) => {
      said.stdout += String(chunk);
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      heard.push(...lines.map((line) => JSON.parse(line) as Answer));
      wake?.();
    });
  };
  const ended = new Promise<Ran>((resolve) => {
    child.on('exit', (status) => resolve({ status, ...said }));
  });
  return {
    pid: child.pid ?? 0,
    stdin,
    stdout,
    say(...messages) {
      for (const message of messages) {
        stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
      }
    },
    async next(fits = () => true) {
      listen();
      for (;;) {
        const index = heard.findIndex(fits);
        const [message] = index === -1 ? [] : heard.splice(index, 1);
        if (message !== undefined) return message;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

export function request(id: number, method: string, params: object = {}): object {
  return { jsonrpc: '2.0', id, method, params };
}

/** A call of a tool that wants to know how far it is; the token is the id. */
export function toolCall(id: number, name: string, given: object = {}): object {
  return request(id, 'tools/call', { name, arguments: given, _meta: { progressToken: id } });
}

/** The answer to the request of that id. */
export function answerTo(id: number): (message: Answer) => boolean {
  return (message) => message['id'] === id;
}

/** A note that this call has come to that step. */
export function stepOf(id: number, step: string): (message: Answer) => boolean {
  return ({ method, params }) =>
    method === 'notifications/progress' &&
    params.progressToken === id &&
    String(params.message).startsWith(step);
}
