import { homeGroup, outputGroup } from './global-options.ts';
import type { Option, OptionGroup } from './option.ts';

const root: Option = {
  name: 'root',
  kind: 'value',
  value: '<dir>',
  describe: 'root of the protocol repository; default: the working directory',
};

/** What `identity create` understands. */
export const createOptions: readonly OptionGroup[] = [
  {
    title: 'What it says of itself (asked for on a terminal)',
    options: [
      { name: 'title', kind: 'value', value: '<text>', describe: 'a name for people' },
      { name: 'description', kind: 'value', value: '<text>', describe: 'what it does' },
      {
        name: 'objective',
        kind: 'value',
        value: '<text>',
        describe: 'what its first task is to achieve',
      },
      { name: 'owner', kind: 'value', value: '<name>', describe: 'who answers for it' },
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
      root,
      { name: 'default', kind: 'flag', describe: 'make it the default of the catalog' },
    ],
  },
  outputGroup,
];

/** What `identity register` understands. */
export const registerOptions: readonly OptionGroup[] = [
  { title: 'What', options: [root] },
  homeGroup,
  outputGroup,
];

/** What `identity compile` understands. */
export const compileOptions: readonly OptionGroup[] = [
  {
    title: 'What',
    options: [
      root,
      {
        name: 'output',
        kind: 'value',
        value: '<file>',
        describe: 'write it there; only a brief is ever replaced',
      },
    ],
  },
  homeGroup,
  outputGroup,
];
