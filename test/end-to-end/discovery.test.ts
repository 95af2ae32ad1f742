import { outputFileSync } from 'fs-extra/esm';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { ListResult } from '../../src/protocol/discovery/listing.ts';
import { catalogYaml, entryYaml, rootSeed } from '../support/discovery.ts';
import { jsonOf, programFile, runIn } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('identity list', () => {
  test('escapes what a catalog hides or would do to a terminal, and --json keeps the value', () => {
    const title = 'Evil\u001b[2J\u202egnp\u200b\nnext';
    const directory = temporaryDirectory({
      ...rootSeed(['ab']),
      'identity/catalog/identities.yaml': catalogYaml([
        entryYaml('ab', { title }),
        entryYaml('x\u001b]0;owned\u0007'),
      ]),
    });
    const shown = runIn({ directory }, 'identity', 'list');
    expect(shown.stdout).toContain('Evil\\u{1b}[2J\\u{202e}gnp\\u{200b}\\u{a}next');
    expect(shown.stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(shown.status).toBe(1);
    const json = runIn({ directory }, 'identity', 'list', '--json');
    expect(json.stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(jsonOf(json)).toMatchObject({
      schema: 'identity-install/list-result@1',
      exitCode: 1,
      data: [{ cwd: directory, identities: [{ id: 'ab', title }] }],
    });
  });

  test('marks the default, and finds what was installed into the home', () => {
    const directory = temporaryDirectory();
    runIn({ directory }, 'identity-install', '--home', 'h', '--register', '--activate');
    const { stdout, status } = runIn({ directory }, 'identity', 'list', '--home', 'h');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\* code-reviewer +active/m);
  });
});

describe('what another user may not read', () => {
  test.each([
    ['identity', 'CATALOG_UNREADABLE'],
    ['identity/catalog/identities.yaml', 'CATALOG_UNREADABLE'],
    ['identity/packs/ab', 'PACK_UNREADABLE'],
    ['', 'ROOT_UNREADABLE'],
  ])('("%s") is the error of its root, and the other roots are listed', (place, code) => {
    const directory = temporaryDirectory();
    const bad = temporaryDirectory(rootSeed(['ab']));
    const good = temporaryDirectory(rootSeed(['cd']));
    chmodSync(good, 0o755);
    chmodSync(bad, 0o755);
    chmodSync(directory, 0o755);
    chmodSync(join(bad, place), 0);
    // Root may read everything; 65534 is nobody, and needs no entry anywhere.
    const someone = { directory, ...(process.getuid?.() === 0 && { uid: 65534 }) };
    const { status, stdout } = runIn(
      someone,
      'identity',
      'list',
      '--json',
      '--cwd',
      bad,
      '--root',
      good,
    );
    expect(status).toBe(1);
    const [listing] = (JSON.parse(stdout) as ListResult).data;
    expect(listing?.identities.filter(({ status: word }) => word === 'active')).toMatchObject([
      { id: 'cd' },
    ]);
    expect(listing?.errors).toContainEqual(
      expect.objectContaining({ code, severity: 'error' }) as unknown,
    );
  });
});

describe('identity serve', () => {
  test('answers the question of the discovery contract as it says, field by field', () => {
    const project = fileURLToPath(
      new URL('../../fixtures/discovery/seed-example', import.meta.url),
    );
    const params = { cwds: [project], extraRoots: [project], forceReload: true };
    const question = JSON.stringify({ method: 'identity/list', id: 2001, params });
    const { stdout, status } = spawnSync(process.execPath, [programFile('identity'), 'serve'], {
      cwd: temporaryDirectory(),
      env: { PATH: process.env['PATH'], HOME: temporaryDirectory() },
      input: `${question}\n`,
      encoding: 'utf8',
      timeout: 240_000,
    });
    expect(status).toBe(0);
    const response = readFileSync(join(project, 'response.json'), 'utf8');
    expect(JSON.parse(stdout.replace(project, '/Users/me/project'))).toEqual(JSON.parse(response));
  });

  test.each([
    ['end of input', 0],
    ['SIGTERM', 130],
  ])(
    'speaks the protocol and nothing else, tells of a change, and ends by %s with %i',
    async (end, status) => {
      const directory = temporaryDirectory(rootSeed(['ab']));
      const child = spawn(process.execPath, [programFile('identity'), 'serve'], {
        cwd: directory,
        env: { PATH: process.env['PATH'], HOME: directory },
        stdio: ['pipe', 'pipe', 'ignore'],
        timeout: 240_000,
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
      const closed = once(child, 'close');

      child.stdin.write('{"id":1,"method":"identity/list"}\n');
      expect(await next()).toMatchObject({ id: 1, result: { data: [{ defaultIdentity: 'ab' }] } });
      outputFileSync(join(directory, 'identity/packs/cd/IDENTITY_PROMPT.md'), '');
      expect(await next()).toEqual({ method: 'identity/changed', params: { cwds: [directory] } });

      if (end === 'SIGTERM') child.kill('SIGTERM');
      else child.stdin.end();
      expect(await closed).toEqual([status, null]);
      expect((await lines.next()).done).toBe(true);
    },
  );
});
