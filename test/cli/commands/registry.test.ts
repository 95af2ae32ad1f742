import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../../src/cli/command/command.ts';
import { helpAbout } from '../../../src/cli/command/help-about.ts';
import { registry } from '../../../src/cli/commands/registry.ts';
import { groups, isProgram } from '../../../src/cli/command/row.ts';
import { latinCells } from '../../../src/cli/layout/cells.ts';
import { optionsOf } from '../../../src/cli/options/global-options.ts';
import { readCommandLine } from '../../../src/cli/read-command-line.ts';
import { commandSection } from '../../support/command-page.ts';
import { publishedResults, resultSchema } from '../../support/result-schemas.ts';
import { shellWordsOf } from '../../support/shell-split.ts';

const layout = { cells: latinCells, columns: 80 };
const page = readFileSync(new URL('../../../docs/commands.md', import.meta.url), 'utf8');

/** The test of a command: beside where its source is. */
function testOf(name: string): string | undefined {
  const place = name.replace(/^identity-/, '');
  return [`${place}.test.ts`, `${place}/command.test.ts`]
    .map((file) => new URL(file, import.meta.url))
    .filter((url) => existsSync(url))
    .map((url) => readFileSync(url, 'utf8'))[0];
}

/** The examples of a command, as arguments of the program that each names. */
function examplesOf({ examples }: Command) {
  return examples.map(([line]) => {
    const [program = '', ...argv] = shellWordsOf(line.replace(/ > .*$/, ''));
    return { line, program, argv };
  });
}

describe.each(registry)('the command $name', (row) => {
  let command: Command;
  beforeAll(async () => {
    command = await row.load();
  });

  it('has help that fits 80 columns, with examples and exit codes', async () => {
    const text = await helpAbout(row, { layout, rows: registry });
    const lines = text.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => line.endsWith(' '))).toEqual([]);
    const typed = isProgram(row.name) ? row.name : `identity ${row.name}`;
    expect(text).toMatch(new RegExp(`^Usage: ${typed}[ \n]`));
    for (const { name } of optionsOf(command.options)) {
      expect(text).toMatch(new RegExp(`^  (?:-\\w, )?--${name} `, 'm'));
    }
    const [, codes = ''] = text.split('\nExit codes\n');
    const numbers = [...codes.matchAll(/^ {2}(\d+) /gm)].map(([, code]) => Number(code));
    expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
    expect(numbers).toContain(0);
  });

  it('has examples that are understood', async () => {
    const examples = examplesOf(command);
    expect(examples).not.toEqual([]);
    for (const { line, program, argv } of examples) {
      if (!isProgram(program)) throw new Error(`${line} begins with no program of ours.`);
      const reading = await readCommandLine(program, argv, registry);
      if (program === 'identity') expect(reading.row?.name, line).toBe(row.name);
      reading.command?.prepare(reading.readArguments());
    }
  });

  it('has a published schema of everything that it prints under --json', () => {
    const printsJson = optionsOf(command.options).some(({ name }) => name === 'json');
    if (!printsJson) expect(command.schemas).toEqual([]);
    for (const name of command.schemas) {
      expect(publishedResults()).toContain(name);
      const { title } = resultSchema(name);
      expect(title).toBe(`identity-install/${name}@1`);
    }
  });

  it('has its section in docs/commands.md', () => {
    const section = commandSection(row, command);
    const [heading = ''] = section.split('\n');
    const [, below = ''] = `${page}\n#`.split(`${heading}\n`);
    expect(`${heading}\n${below.replace(/\n#.*$/s, '').trimEnd()}`).toBe(section.trimEnd());
  });

  it('has a test, which shows its result to people and to programs', () => {
    const text = testOf(row.name);
    expect(text, `test/cli/commands/${row.name}.test.ts`).toBeDefined();
    if (command.schemas.length > 0) expect(text).toMatch(/\bshown\(/);
  });
});

describe('the registry', () => {
  it('names each command once, and groups that help shows', () => {
    const names = registry.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(groups).toEqual([...new Set(registry.map(({ group }) => group))]);
  });

  it('accounts for every published schema', async () => {
    const commands = await Promise.all(registry.map(async ({ load }) => await load()));
    const named = new Set(commands.flatMap(({ schemas }) => schemas));
    expect(new Set(publishedResults())).toEqual(new Set([...named, 'error']));
  });

  it('describes one option with one kind of value for every command that has it', async () => {
    const commands = await Promise.all(registry.map(async ({ load }) => await load()));
    const flags = new Map<string, boolean>();
    for (const { name, kind } of commands.flatMap(({ options }) => optionsOf(options))) {
      const isFlag = kind === 'flag';
      expect(flags.get(name) ?? isFlag, name).toBe(isFlag);
      flags.set(name, isFlag);
    }
  });
});
