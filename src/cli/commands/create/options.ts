import { outputGroup } from '../../options/global-options.ts';
import type { OptionGroup } from '../../options/option.ts';
import { repositoryRoot } from '../../options/repository-root.ts';

/** What `identity create` understands. */
export const createOptions: readonly OptionGroup[] = [
  {
    title: 'Texts of the pack (asked for on a terminal)',
    options: [
      { name: 'title', kind: 'value', value: '<text>', describe: 'a name for people' },
      { name: 'description', kind: 'value', value: '<text>', describe: 'what it does' },
      {
        name: 'objective',
        kind: 'value',
        value: '<text>',
        describe: 'what its first task is to achieve',
      },
      { name: 'owner', kind: 'value', value: '<name>', describe: 'who is responsible for it' },
      { name: 'tag', kind: 'list', value: '<word>', describe: 'a tag (may be repeated)' },
      {
        name: 'skill',
        kind: 'list',
        value: '<name>',
        describe: 'a skill that it works with (may be repeated)',
      },
      {
        name: 'mcp',
        kind: 'list',
        value: '<name>',
        describe: 'an MCP server that it may use (may be repeated)',
      },
    ],
  },
  {
    title: 'Where',
    options: [
      repositoryRoot,
      { name: 'default', kind: 'flag', describe: 'make it the default of the catalog' },
    ],
  },
  outputGroup,
];
