import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { InstallRun } from '../../src/operations/install/outcome.ts';
import { startAgent } from '../support/appending-agent.ts';
import { twoReleases } from '../support/helper-pack.ts';
import { jsonOf, startIn, type Program } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test.each(['holds the file open', 'opens the file for every line'] as const)(
  'an agent that %s loses no line while its file is replaced and rolled back',
  async (way) => {
    const from = twoReleases(20);
    const directory = temporaryDirectory();
    const home = join(directory, 'home');
    const file = join(home, 'instances', 'helper', 'IDENTITY_PROMPT.md');
    const said: string[] = [];
    const attempt = async (program: Program, ...args: string[]) => {
      const ran = await startIn({ directory }, program, ...args, '--home', home, '--json');
      said.push(ran.stdout);
      expect([0, 3], ran.stdout).toContain(ran.status);
      return ran;
    };
    await attempt('identity-install', '--from', from, '--release', 'v1.0.0');
    const agent = startAgent(way, file);

    for (const lines of [50, 150, 300, 600, 1000]) {
      /** A run that meets a write says so and puts everything back; without one it gets through. */
      const carryOut = async (program: Program, ...args: string[]) => {
        const [ran] = await Promise.all([attempt(program, ...args), agent.burst(lines)]);
        if (ran.status === 0) return ran;
        const again = await attempt(program, ...args);
        expect(again.status, again.stdout).toBe(0);
        return again;
      };
      const replace = ['helper', '--release', 'v2.0.0', '--replace', '--backup'];
      const replaced = jsonOf(await carryOut('identity-install', ...replace)) as InstallRun;
      await carryOut('identity-rollback', replaced.identities[0]?.operation?.ref ?? '');
    }
    const written = await agent.stop();
    const kept = [file, ...displacedFiles(home)];
    const found = new Set(kept.flatMap((path) => readFileSync(path, 'utf8').split('\n')));
    expect(written.filter((line) => !found.has(line))).toEqual([]);
    // Every operation that took bytes out of the instance said where it put them.
    const directories = new Set(displacedFiles(home).map((path) => path.split('/').at(-2) ?? ''));
    for (const ref of directories) expect(said.join('\n')).toContain(ref);
  },
);

function displacedFiles(home: string): string[] {
  const root = join(home, '.identity-install', 'displaced');
  return readdirSync(root).flatMap((ref) =>
    readdirSync(join(root, ref))
      .filter((name) => /^\d+(\.undone|\.found\.\d+)?$/.test(name))
      .map((name) => join(root, ref, name)),
  );
}
