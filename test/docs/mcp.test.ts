import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registry } from '../../src/cli/commands/registry.ts';
import { readCommandLine } from '../../src/cli/read-command-line.ts';
import { tools } from '../../src/server/mcp/tools/registry.ts';
import type { Answer } from '../support/mcp.ts';
import { programFile } from '../support/program.ts';
import { answerTo, startServer, toolCall } from '../support/stdio-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const page = readFileSync(new URL('../../docs/mcp.md', import.meta.url), 'utf8');

/** What stands between the fences of one language. */
function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
}
const documents = blocks('json').map((text) => JSON.parse(text) as Answer);

describe('docs/mcp.md', () => {
  it('names every tool, in the order in which they are listed', () => {
    const named = [...page.matchAll(/^\| `(identity_\w+)` \|/gm)].map(([, name]) => name);
    expect(named).toEqual(tools.map(({ name }) => name));
  });

  it('configures clients with command lines that are understood', async () => {
    const started = documents
      .filter((document) => 'mcpServers' in document)
      .map(({ mcpServers }) => mcpServers.identity as { command: string; args: string[] });
    expect(started).toHaveLength(3);
    for (const { command, args } of started) {
      const own = command === 'identity' ? args : args.slice(args.indexOf('identity') + 1);
      const { row } = await readCommandLine('identity', own, registry);
      expect(row?.name).toBe('mcp');
    }
  });

  it('shows what commands really print', () => {
    const directory = temporaryDirectory();
    for (const block of blocks('console')) {
      const [command = '', ...output] = block.split('\n');
      const line = command.replace(/^\$ /, '').replace(/\bidentity mcp/, '"$NODE" "$FILE" mcp');
      const { stdout } = spawnSync('sh', ['-c', line], {
        cwd: directory,
        env: {
          PATH: process.env['PATH'],
          HOME: directory,
          NODE: process.execPath,
          FILE: programFile('identity'),
        },
        encoding: 'utf8',
      });
      expect(stdout).toBe(output.join('\n'));
    }
  });

  it('shows the refusal of an install as it is', async () => {
    const directory = temporaryDirectory();
    const server = startServer(directory, 'mcp', '--home', join(directory, 'home'));
    server.say(toolCall(1, 'identity_install', { plan_digest: 'a'.repeat(64) }));
    const { result } = await server.next(answerTo(1));
    const shown = documents.find(({ schema }) => schema === 'identity-install/error@1');
    expect(JSON.parse(String(result.content[0].text))).toEqual(shown);
    server.stdin.end();
    await server.ended;
  });
});
