import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { twoReleases } from '../support/helper-pack.ts';
import { runIn } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const windows = process.platform === 'win32' && 'it pastes into a POSIX shell';

const lineAfter = (title: RegExp, text: string) =>
  new RegExp(`${title.source}.*\\n  (.+)`).exec(text)?.[1] ?? expect.fail(text);

test('commands that are printed do the same wherever they are pasted', ({ skip }) => {
  skip(windows !== false, String(windows));
  const repository = twoReleases(3);
  const directory = dirname(repository);
  const home = join(directory, 'home');
  const instance = join(home, 'instances', 'helper');
  const elsewhere = temporaryDirectory();
  // What a relative source would mean there is no source at all.
  mkdirSync(join(elsewhere, basename(repository)));
  const paste = (line: string) => execFileSync('sh', ['-c', line], { cwd: elsewhere });
  const install = (...args: string[]) => {
    const from = ['--from', `./${basename(repository)}`, '--home', './home'];
    const ran = runIn({ directory }, 'identity-install', 'helper', ...from, ...args);
    expect(ran.status, ran.stderr).toBe(0);
    return ran.stdout;
  };

  paste(lineAfter(/To apply exactly this:/, install('--release', 'v1.0.0', '--plan')));
  const first = treeOf(instance);
  expect(first['IDENTITY_PROMPT.md']).toBeDefined();
  writeFileSync(join(instance, 'META.yaml'), 'id: helper # mine\n');
  const mine = treeOf(instance);

  paste(lineAfter(/To take v2\.0\.0's version/, install()));
  const merged = treeOf(instance);
  expect(merged['META.yaml']).toEqual(mine['META.yaml']);
  expect(merged['CURRENT_TASK.json']).not.toEqual(mine['CURRENT_TASK.json']);

  const replaced = install('--replace', '--backup');
  paste(lineAfter(/To undo this:/, replaced));
  expect(treeOf(instance)).toEqual(merged);
});

test('they name the source and the release of a pin, which is elsewhere another or none', ({
  skip,
}) => {
  skip(windows !== false, String(windows));
  const pinned = twoReleases(3);
  const other = twoReleases(1);
  const home = join(temporaryDirectory(), 'home');
  const instance = join(home, 'instances', 'helper');
  const files = () => Object.keys(treeOf(instance)).filter((path) => !path.startsWith('runtime'));
  const here = pinnedTo(pinned, 'v1.0.0');
  const elsewhere = pinnedTo(other, 'v2.0.0');
  const paste = (line: string) => execFileSync('sh', ['-c', line], { cwd: elsewhere });
  const ask = (...args: string[]) => {
    const ran = runIn({ directory: here }, 'identity-install', 'helper', '--home', home, ...args);
    expect(ran.status, ran.stderr).toBe(0);
    return lineAfter(/To apply exactly this:/, ran.stdout);
  };

  paste(ask('--plan'));
  const first = files();
  expect(first).toContain('IDENTITY_PROMPT.md');
  rmSync(home, { recursive: true });
  paste(ask('--plan', '--frozen'));
  expect(files()).toEqual(first);
});

/** A working directory whose project is pinned to a release. */
function pinnedTo(repository: string, tag: string): string {
  const commit = execFileSync('git', ['-C', repository, 'rev-parse', `${tag}^{commit}`]);
  return temporaryDirectory({
    'identity/PROTOCOL_PIN.yaml': `protocol_repo: ${repository}\npinned_tag: ${tag}\npinned_commit: ${commit.toString()}`,
  });
}
