import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { twoReleases } from '../support/helper-pack.ts';
import type { InstallRun } from '../../src/operations/install/outcome.ts';
import { jsonOf, run } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Opens the file once and keeps it open, or opens it anew for each line. */
const agents = {
  'holds the file open': `
    const fd = fs.openSync(file, 'a');
    const write = (line) => fs.writeSync(fd, line);`,
  'opens the file for every line': `
    const write = (line) => fs.appendFileSync(file, line);`,
};

const program = (how: string) => `
  const fs = require('node:fs');
  const [file, stop, count] = process.argv.slice(1);
  ${how}
  // In bursts: a file that never rests can never be replaced, and both must be seen.
  let n = 0;
  const timer = setInterval(() => {
    if (Date.now() % 900 < 150) write('line ' + (n += 1) + '\\n');
    if (fs.existsSync(stop)) { clearInterval(timer); fs.writeFileSync(count, String(n)); }
  }, 1);`;

describe.each(Object.entries(agents))('an agent that %s', (_name, how) => {
  test('loses no line while its file is replaced and rolled back', async () => {
    const from = twoReleases(20);
    const work = temporaryDirectory();
    const home = join(work, 'home');
    const file = join(home, 'instances', 'helper', 'IDENTITY_PROMPT.md');
    run('identity-install', '--from', from, '--release', 'v1.0.0', '--home', home);
    const [stop, count] = [join(work, 'stop'), join(work, 'count')];
    const agent = spawn(process.execPath, ['-e', program(how), file, stop, count]);
    const ended = once(agent, 'exit');
    await sleep(200);

    const said: string[] = [];
    const replace = ['helper', '--home', home, '--release', 'v2.0.0', '--replace', '--backup'];
    let replaced = 0;
    for (let round = 0; round < 10; round += 1) {
      const done = run('identity-install', ...replace, '--json');
      said.push(done.stdout);
      expect([0, 3], done.stdout).toContain(done.status);
      const ref = (jsonOf(done) as Partial<InstallRun>).identities?.[0]?.operation?.ref;
      if (ref === undefined) continue;
      replaced += 1;
      // A rollback that meets a write says so and puts everything back; then it is tried again.
      for (let tries = 0; tries < 20; tries += 1) {
        const undone = run('identity-rollback', ref, '--home', home, '--json');
        said.push(undone.stdout);
        expect([0, 3], undone.stdout).toContain(undone.status);
        if (undone.status === 0) break;
      }
    }
    expect(replaced).toBeGreaterThan(0);
    writeFileSync(stop, '');
    await ended;

    const written = Number(readFileSync(count, 'utf8'));
    expect(written).toBeGreaterThan(100);
    const kept = [file, ...displacedFiles(home)];
    const found = new Set(kept.flatMap((path) => readFileSync(path, 'utf8').split('\n')));
    const lost = Array.from({ length: written }, (_none, index) => `line ${index + 1}`).filter(
      (line) => !found.has(line),
    );
    expect(lost).toEqual([]);
    // Every operation that took bytes out of the instance said where it put them.
    const directories = new Set(displacedFiles(home).map((path) => path.split('/').at(-2) ?? ''));
    for (const ref of directories) expect(said.join('\n')).toContain(ref);
  }, 120_000);
});

function displacedFiles(home: string): string[] {
  const root = join(home, '.identity-install', 'displaced');
  return readdirSync(root).flatMap((ref) =>
    readdirSync(join(root, ref))
      .filter((name) => /^\d+(\.undone|\.found\.\d+)?$/.test(name))
      .map((name) => join(root, ref, name)),
  );
}
