import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { twoReleases } from '../support/helper-pack.ts';
import type { Answer } from '../support/mcp.ts';
import { programFile } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const program = [programFile('identity'), 'mcp'];

function line(id: number, method: string, params: object = {}): string {
  return `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
}

const hello = line(1, 'initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
});

describe('identity mcp over standard input and output', () => {
  it('plans, installs and undoes for the official client', async () => {
    const home = join(temporaryDirectory(), 'home');
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [...program, '--allow-write', '--home', home],
      cwd: temporaryDirectory(),
      stderr: 'pipe',
    });
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
    onTestFinished(() => client.close());
    await client.listTools();
    const answer = async (name: string, args: Record<string, unknown>): Promise<Answer> =>
      (await client.callTool({ name, arguments: args })).structuredContent as Answer;
    const plan = await answer('identity_plan_install', { id: 'helper', from: twoReleases(5) });
    const done = await answer('identity_install', { plan_digest: plan['planDigest'] });
    expect(done).toMatchObject({ id: 'helper', outcome: 'done' });
    const undo = await answer('identity_rollback', { ref: done['operation'].ref });
    const undone = await answer('identity_rollback', { plan_digest: undo['planDigest'] });
    expect(undone['outcome']).toBe('done');
  });

  it('answers what was asked, says only protocol on standard output, and ends at the end of its input', () => {
    const directory = temporaryDirectory();
    const input = `${hello}{"jsonrpc":\nno json\n[]\n${line(2, 'tools/list')}${line(3, 'nothing/here')}`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...program, '--home', join(directory, 'home')],
      { cwd: directory, input, encoding: 'utf8', timeout: 240_000 },
    );
    const messages = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as Answer);
    const answer = (id: number) => messages.find((message) => message['id'] === id);
    expect(answer(1)?.['result'].protocolVersion).toBe('2025-11-25');
    expect(answer(2)?.['result'].tools).toHaveLength(6);
    expect(answer(3)?.['error'].code).toBe(-32601);
    const unnamed = messages.filter((message) => !('id' in message));
    expect(unnamed.map(({ error }) => Number(error.code))).toEqual([-32700, -32700, -32600]);
    expect(messages).toHaveLength(6);
    expect(stderr.match(/A message was not understood/g)).toHaveLength(3);
    expect(status).toBe(0);
  });

  it('ends on a stop signal while its client is still there', async () => {
    const directory = temporaryDirectory();
    const child = spawn(process.execPath, [...program, '--home', join(directory, 'home')], {
      cwd: directory,
    });
    const ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
    child.stdin.write(hello);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(130);
  });
});
