import { rollbackOptionTexts } from '../../../operations/rollback/options.ts';
import { homeGroup, outputGroup } from '../../options/global-options.ts';
import type { OptionGroup } from '../../options/option.ts';

/** Every option of `identity-rollback`, in the order in which help shows them. */
export const rollbackOptions: readonly OptionGroup[] = [
  {
    title: 'What',
    options: [
      { name: 'list', kind: 'flag', describe: 'show the operations and their references' },
      {
        name: 'path',
        kind: 'list',
        value: '<path>',
        describe: `${rollbackOptionTexts.paths} (may be repeated)`,
      },
      {
        name: 'through',
        kind: 'flag',
        describe: 'undo everything later on the identity first, newest first',
      },
      { name: 'plan', kind: 'flag', describe: 'show what would happen, and its digest' },
      {
        name: 'plan-digest',
        kind: 'value',
        value: '<sha256>',
        describe: rollbackOptionTexts.planDigest,
      },
      { name: 'yes', kind: 'flag', describe: 'never ask; a rollback asks nothing today' },
    ],
  },
  homeGroup,
  outputGroup,
];
