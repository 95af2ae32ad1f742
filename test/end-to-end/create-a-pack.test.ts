import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, it } from 'vitest';
import { jsonOf, runIn, type Program } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const packageRoot = join(import.meta.dirname, '..', '..');

const createNightWatch = [
  'create',
  'night-watch',
  ...['--title', 'Night watch'],
  ...['--description', 'Looks after the service while everybody sleeps.'],
  ...['--objective', 'Find out what woke somebody up, and whether it had to.'],
  ...['--tag', 'operations'],
  ...['--mcp', 'pager'],
];

/** A person in a repository of their own, with homes beside it. */
function author() {
  const repository = temporaryDirectory();
  const homes = temporaryDirectory();
  const run = (program: Program, ...args: string[]) =>
    runIn(
      { directory: repository, variables: { IDENTITY_HOME: join(homes, 'mine') } },
      program,
      ...args,
    );
  const git = (...args: string[]) => {
    const person = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.invalid'];
    const { status, stderr } = spawnSync('git', [...person, ...args], {
      cwd: repository,
      encoding: 'utf8',
    });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  };
  return { repository, homes, run, git };
}

it('create, validate, commit, register, activate, compile, install elsewhere', () => {
  const { repository, homes, run, git } = author();
  const ok = (...args: string[]) => {
    const { status, stdout, stderr } = run('identity', ...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  };
  git('init', '--quiet', '.');
  expect(ok(...createNightWatch)).toContain('identity/packs/night-watch');
  expect(ok('validate', '--strict')).toMatch(/^1 pack keeps all \d+ contracts\.\n$/);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Add the night watch');
  git('tag', 'v0.1.0');
  const committed = treeOf(repository);

  expect(ok('register', 'night-watch')).toContain('night-watch is registered.');
  expect(ok('activate', 'night-watch')).toContain('night-watch is active, and the default.');
  expect(ok('compile')).toContain('- identity/catalog/identities.yaml\n');
  const brief = ok('compile', '--home', join(homes, 'mine'));
  expect(brief).toContain(`- ${repository}/identity/catalog/identities.yaml\n`);
  expect(brief).toContain('Active identity: night-watch\n');
  expect(brief).toContain('- Find out what woke somebody up, and whether it had to.\n');
  expect(brief).toContain('- pager\n');
  expect(treeOf(repository)).toEqual(committed);

  const other = join(homes, 'other');
  const installing = ['night-watch', '--from', '.', '--home', other, '--require-valid'];
  const installed = run('identity-install', ...installing, '--register', '--activate');
  expect(installed.status).toBe(0);
  const pack = join(repository, 'identity/packs/night-watch');
  const instance = join(other, 'instances/night-watch');
  for (const [path, state] of Object.entries(treeOf(pack))) {
    if (state.startsWith('f ')) expect(treeOf(instance)[path], path).toBe(state);
  }
  expect(ok('validate', '--home', other)).toMatch(/^1 pack keeps all \d+ contracts\.\n$/);
  const there = ok('compile', '--home', other);
  expect(there).toContain('- v0.1.0:identity/catalog/identities.yaml\n');
  const sections = (text: string) => text.match(/^[A-Z].*:$/gm);
  expect(sections(there)).toEqual(sections(brief));
});

it('schemas that new files name are those that the package publishes', () => {
  const { repository, run } = author();
  expect(run('identity', ...createNightWatch).status).toBe(0);
  const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  const [{ files }] = JSON.parse(packed.stdout) as [{ files: { path: string }[] }];
  // Those of results are not for packs.
  const published = files.flatMap(({ path }) =>
    path.startsWith('schemas/') && !path.startsWith('schemas/results/') ? [path] : [],
  );
  const named = Object.keys(treeOf(join(repository, 'identity')))
    .filter((path) => /\.(json|ya?ml)$/.test(path))
    .flatMap((path) => {
      const text = readFileSync(join(repository, 'identity', path), 'utf8');
      const schema = /\$schema(?:=|": ")([^\s"]+\.json)/.exec(text)?.[1];
      return schema === undefined ? [] : [posix.join(posix.dirname(path), schema)];
    });
  expect(new Set(named)).toEqual(
    new Set([
      'schemas/agent.schema.json',
      'schemas/current-task.schema.json',
      'schemas/contracts/catalog.schema.json',
      'schemas/contracts/meta.schema.json',
    ]),
  );
  for (const path of published) {
    const scaffolded: unknown = JSON.parse(
      readFileSync(join(repository, 'identity', path), 'utf8'),
    );
    expect(scaffolded).toEqual(JSON.parse(readFileSync(join(packageRoot, path), 'utf8')));
  }
  expect(published).toEqual(expect.arrayContaining(named));
});

it('a brief goes into a file, twice the same, and over nothing but a brief', () => {
  const { repository, run } = author();
  run('identity', ...createNightWatch);
  const compile = (output: string) => run('identity', 'compile', '--output', output);
  expect(compile('BRIEF.md').status).toBe(0);
  const first = readFileSync(join(repository, 'BRIEF.md'), 'utf8');
  expect(compile('BRIEF.md').status).toBe(0);
  expect(readFileSync(join(repository, 'BRIEF.md'), 'utf8')).toBe(first);
  expect(run('identity', 'compile').stdout).toBe(first);
  const before = treeOf(repository);
  expect(compile('identity/packs/night-watch/META.yaml').status).toBe(3);
  expect(treeOf(repository)).toEqual(before);
});

it('create asks nobody without a terminal, and writes nothing where something is', () => {
  const { repository, run } = author();
  const unasked = run('identity', 'create', 'night-watch', '--title', 'Night watch');
  expect(unasked.status).toBe(2);
  expect(unasked.stderr).toContain('E_USAGE');
  expect(unasked.stderr).toContain('--description "…" --objective "…"');
  expect(existsSync(join(repository, 'identity'))).toBe(false);

  expect(run('identity', ...createNightWatch).status).toBe(0);
  const before = treeOf(repository);
  const again = run('identity', ...createNightWatch, '--json');
  expect(again.status).toBe(3);
  expect(jsonOf(again)).toMatchObject({ code: 'E_CREATE_EXISTS' });
  expect(treeOf(repository)).toEqual(before);
});
