import type { Option } from './option.ts';

/** The repository of an author of packs. */
export const repositoryRoot: Option = {
  name: 'root',
  kind: 'value',
  value: '<dir>',
  describe: 'root of the protocol repository; default: the working directory',
};
