import type { Option } from './option.ts';

/** Where those who write packs work. */
export const repositoryRoot: Option = {
  name: 'root',
  kind: 'value',
  value: '<dir>',
  describe: 'root of the protocol repository; default: the working directory',
};
