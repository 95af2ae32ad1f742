import { validateOptionTexts } from '../../../inspection/validate/options.ts';
import { homeGroup, outputGroup } from '../../options/global-options.ts';
import type { OptionGroup } from '../../options/option.ts';

/** How findings are printed for other programs, besides `--json`. */
export const findingsFormats = ['sarif', 'github'] as const;
export type FindingsFormat = (typeof findingsFormats)[number];

/** What `identity validate` understands. */
export const validateOptions: readonly OptionGroup[] = [
  {
    title: 'What',
    options: [
      {
        name: 'contract',
        kind: 'list',
        value: '<name>',
        describe: `${validateOptionTexts.contracts} (may be repeated)`,
      },
      {
        name: 'root',
        kind: 'value',
        value: '<dir>',
        describe: `${validateOptionTexts.root}; default: the working directory if it is one`,
      },
      {
        name: 'catalog',
        kind: 'value',
        value: '<file>',
        describe: 'its catalog; default: identity/catalog/identities.yaml',
      },
      {
        name: 'now',
        kind: 'value',
        value: '<time>',
        describe: validateOptionTexts.now,
      },
      { name: 'strict', kind: 'flag', describe: 'exit 1 for warnings, too' },
      {
        name: 'self-test',
        kind: 'flag',
        describe: 'run the contracts on their own samples instead; needs no pack',
      },
      {
        name: 'format',
        kind: 'value',
        value: '<name>',
        describe: 'sarif (2.1.0), or github (annotations of a workflow run)',
      },
    ],
  },
  homeGroup,
  outputGroup,
];
