import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { registry } from '../../src/cli/commands/registry.ts';
import { isProgram } from '../../src/cli/command/row.ts';
import { optionsOf } from '../../src/cli/options/global-options.ts';
import type { ProgramName } from '../../src/cli/program.ts';
import type * as reading from '../../src/cli/read-command-line.ts';
import { shellWordsOf } from '../support/shell-split.ts';
import type { InstallError } from '../../src/core/errors.ts';

type Reader = typeof reading;

/** The reader as the tests of the sources have it, and over the platform that the build puts in. */
async function readers(): Promise<readonly [Reader, Reader]> {
  const own = await import('../../src/cli/read-command-line.ts');
  const factory = new URL('../../node_modules/yargs/build/lib/yargs-factory.js', import.meta.url);
  const platform = new URL('../../scripts/yargs-platform.mjs', import.meta.url);
  const { YargsFactory } = (await import(factory.href)) as {
    YargsFactory: (platform: unknown) => unknown;
  };
  const { default: bundled } = (await import(platform.href)) as { default: unknown };
  vi.resetModules();
  vi.doMock('yargs', () => ({ default: YargsFactory(bundled) }));
  const lean = await import('../../src/cli/read-command-line.ts');
  vi.doUnmock('yargs');
  return [own, lean];
}

/** What a reader makes of a command line: the command and its arguments, or what is wrong. */
async function readingBy({ readCommandLine }: Reader, program: ProgramName, argv: string[]) {
  try {
    const { row, command, help, readArguments } = await readCommandLine(program, argv, registry);
    if (help || command === undefined) return { help, name: row?.name };
    const given = readArguments();
    const options = optionsOf(command.options).map(({ name }) => [name, given.list(name)]);
    const flags = optionsOf(command.options).map(({ name }) => [name, given.flag(name)]);
    return { name: row?.name, operands: given.operands, options, flags };
  } catch (error) {
    const { code, message, remedy } = error as InstallError;
    return { code, message, remedy };
  }
}

const root = new URL('../../', import.meta.url);
const pages = ['README.md', ...readdirSync(new URL('docs', root)).map((name) => `docs/${name}`)];
const documented = pages
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) => readFileSync(new URL(page, root), 'utf8').split('\n'))
  .map((line) => /^\s*(?:\$ )?(identity(?:-install|-rollback)?) (.*)$/.exec(line) ?? [])
  .flatMap(([, program, line = '']) =>
    program !== undefined && isProgram(program) ? [{ program, argv: shellWordsOf(line) }] : [],
  );

it('both platforms read every command line of the documents alike', async () => {
  const [own, lean] = await readers();
  expect(documented.length).toBeGreaterThan(20);
  for (const { program, argv } of documented) {
    expect(await readingBy(lean, program, argv), argv.join(' ')).toEqual(
      await readingBy(own, program, argv),
    );
  }
});

it('both platforms read any command line alike', async () => {
  const [own, lean] = await readers();
  const commands = await Promise.all(registry.map(async ({ load }) => await load()));
  const options = commands.flatMap((command) => optionsOf(command.options));
  const word = fc.oneof(
    fc.constantFrom(...registry.map(({ name }) => name)),
    fc.constantFrom(...options.map(({ name }) => `--${name}`)),
    fc.constantFrom(...options.map(({ name }) => `--${name}=x`)),
    fc.constantFrom('-h', '-V', '-x', '--', '-', '', '7', 'ab', '--no-json', '--json.x'),
    fc.string(),
  );
  const program = fc.constantFrom<ProgramName>('identity', 'identity-install', 'identity-rollback');
  await fc.assert(
    fc.asyncProperty(program, fc.array(word, { maxLength: 6 }), async (name, argv) => {
      expect(await readingBy(lean, name, argv)).toEqual(await readingBy(own, name, argv));
    }),
  );
});
