import { describe, expect, it } from 'vitest';
import { latinCells } from '../../../src/cli/layout/cells.ts';
import type { HelpTopic } from '../../../src/cli/options/invocation.ts';
import { installOptions } from '../../../src/cli/options/install-options.ts';
import { parse } from '../../../src/cli/options/parse.ts';
import { renderHelp } from '../../../src/cli/render/help-text.ts';

const layout = { cells: latinCells };

const topics: HelpTopic[] = [
  'identity-install',
  'identity-rollback',
  'identity',
  'identity verify',
  'identity history',
  'identity recover',
];

describe.each(topics)('help about %s', (topic) => {
  const text = renderHelp(topic, layout);

  it('fits 80 columns and has examples and exit codes', () => {
    const lines = text.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => line.endsWith(' '))).toEqual([]);
    expect(text).toMatch(/\nExamples\n {2}identity/);
    expect(text).toMatch(/\nExit codes\n {2}0 /);
    const codes = [...text.matchAll(/^ {2}(\d+) /gm)].map(([, code]) => Number(code));
    expect(codes).toEqual([...codes].sort((left, right) => left - right));
  });

  it('gives examples that are understood', () => {
    const examples = [...text.matchAll(/^ {2}(identity[\w-]*)(.*)\n {6}/gm)];
    expect(examples).not.toEqual([]);
    for (const [, program, rest = ''] of examples) {
      const argv = rest.replaceAll('"', '').split(' ').filter(Boolean);
      expect(parse(program as 'identity', argv).command.kind).not.toBe('');
    }
  });
});

it('explains every option of identity-install', () => {
  const text = renderHelp('identity-install', layout);
  for (const { name } of installOptions.flatMap((group) => group.options)) {
    expect(text).toMatch(new RegExp(`^  (?:-\\w, )?--${name} `, 'm'));
  }
});
