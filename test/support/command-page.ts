import type { Command } from '../../src/cli/command/command.ts';
import { isProgram, type Row } from '../../src/cli/command/row.ts';
import { globalGroups, optionsOf } from '../../src/cli/options/global-options.ts';

const common = new Set(optionsOf(globalGroups).map(({ name }) => name));

/**
 * The section of docs/commands.md about a command. Options that every command has are described
 * once, at the top of the page.
 */
export function commandSection(row: Row, command: Command): string {
  const { usage, about, options, exits, schemas } = command;
  const own = optionsOf(options).filter(({ name }) => !common.has(name));
  const has = new Set(optionsOf(options).map(({ name }) => name));
  const lacks = [...common].filter((name) => !has.has(name));
  return [
    `### ${isProgram(row.name) ? row.name : `identity ${row.name}`}`,
    '',
    '```text',
    ...usage,
    '```',
    '',
    about,
    '',
    ...(own.length === 0
      ? []
      : [
          '| option | what it does |',
          '| --- | --- |',
          ...own.map((option) => {
            const value = option.kind === 'flag' ? '' : ` ${option.value}`;
            return `| \`--${option.name}${value}\` | ${cell(option.describe)} |`;
          }),
          '',
        ]),
    ...(lacks.length === 0
      ? []
      : [`Without ${lacks.map((name) => `\`--${name}\``).join(', ')}.`, '']),
    `Exit codes: ${exits.map(([code, meaning]) => `\`${code}\` ${meaning}`).join('; ')}.`,
    '',
    schemas.length === 0
      ? 'It prints no JSON document.'
      : `With \`--json\`: ${schemas
          .map((name) => `[${name}](../schemas/results/${name}.schema.json)`)
          .join(', ')}.`,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}
