import { expect, it } from 'vitest';
import { helpOn } from '../../../src/cli/commands/help.ts';
import { helpAbout } from '../../../src/cli/command/help-about.ts';
import { unicodeCells } from '../../../src/cli/layout/unicode-cells.ts';
import { registry } from '../../../src/cli/commands/registry.ts';
import { rowOf } from '../../../src/cli/command/row.ts';
import { shown, asked } from '../../support/commands.ts';

const help = helpOn(registry);
const layout = { cells: unicodeCells };

it('explains the command that is named, a program too', async () => {
  const { request } = asked(help, 'verify');
  expect(request.row?.name).toBe('verify');
  expect(asked(help, 'identity-install').request.row?.name).toBe('identity-install');
  const page = await helpAbout(rowOf('verify', registry), { layout, rows: registry });
  expect(await shown(help, 'verify', request)).toEqual({ exitCode: 0, text: page });
  expect(page).toMatch(/^Usage: identity verify /);
});

it('shows every command in its group, those of every day on the first screen', async () => {
  const page = await helpAbout(undefined, { layout, rows: registry });
  for (const { name, about } of registry) {
    expect(page).toMatch(new RegExp(`^  ${name} +${about.slice(0, 20)}`, 'm'));
  }
  const screen = page.split('\n').slice(0, 24).join('\n');
  for (const { name } of registry.filter(({ group }) => group === 'every day')) {
    expect(screen).toContain(`  ${name} `);
  }
});

it('refuses to explain what is not there', () => {
  expect(() => asked(help, 'verfy')).toThrow('There is no command "verfy".');
});
