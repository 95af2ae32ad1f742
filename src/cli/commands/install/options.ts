import { installOptionTexts } from '../../../operations/install/options.ts';
import { homeGroup, outputGroup } from '../../options/global-options.ts';
import { limitGroup } from './limit-options.ts';
import type { OptionGroup } from '../../options/option.ts';

/** Every option of `identity-install`, in the order in which help shows them. */
export const installOptions: readonly OptionGroup[] = [
  {
    title: 'What',
    options: [
      {
        name: 'from',
        kind: 'value',
        value: '<source>',
        describe: installOptionTexts.from,
      },
      {
        name: 'release',
        kind: 'value',
        value: '<selector>',
        describe: installOptionTexts.release,
      },
      { name: 'all', kind: 'flag', describe: 'every identity of the release' },
      {
        name: 'frozen',
        kind: 'flag',
        describe: 'exactly the release that the record or the pin names',
      },
      { name: 'offline', kind: 'flag', describe: installOptionTexts.offline },
    ],
  },
  homeGroup,
  {
    title: 'What may happen to existing files (default: nothing)',
    options: [
      { name: 'merge', kind: 'flag', describe: 'advance the files that you did not change' },
      {
        name: 'replace',
        kind: 'flag',
        describe: 'replace shipped files by those of the release; needs --backup',
      },
      { name: 'backup', kind: 'flag', describe: installOptionTexts.backup },
      {
        name: 'prune',
        kind: 'flag',
        describe: installOptionTexts.prune,
      },
      {
        name: 'include-state',
        kind: 'flag',
        describe: installOptionTexts.includeState,
      },
      {
        name: 'keep',
        kind: 'list',
        value: '<glob>',
        describe: `${installOptionTexts.keep} (may be repeated)`,
      },
      { name: 'restore-deleted', kind: 'flag', describe: installOptionTexts.restoreDeleted },
    ],
  },
  {
    title: 'Look first',
    options: [
      { name: 'plan', kind: 'flag', describe: 'show what would happen, and its digest' },
      { name: 'dry-run', kind: 'flag', describe: 'run every check, change nothing' },
      { name: 'check', kind: 'flag', describe: 'exit 1 if anything would change' },
      { name: 'diff', kind: 'flag', describe: 'show unified diffs as well' },
      {
        name: 'plan-digest',
        kind: 'value',
        value: '<sha256>',
        describe: installOptionTexts.planDigest,
      },
    ],
  },
  {
    title: 'Trust',
    options: [
      { name: 'allow-downgrade', kind: 'flag', describe: installOptionTexts.allowDowngrade },
      {
        name: 'accept-moved-tag',
        kind: 'flag',
        describe: 'accept a tag that names another commit than before',
      },
      { name: 'allow-http', kind: 'flag', describe: 'accept an unencrypted source' },
      {
        name: 'require-valid',
        kind: 'flag',
        describe: installOptionTexts.requireValid,
      },
      { name: 'strict', kind: 'flag', describe: installOptionTexts.strict },
    ],
  },
  limitGroup,
  {
    title: 'Local catalog',
    options: [
      { name: 'register', kind: 'flag', describe: installOptionTexts.register },
      { name: 'activate', kind: 'flag', describe: installOptionTexts.activate },
      { name: 'yes', kind: 'flag', describe: 'never ask; take the default or stop' },
    ],
  },
  outputGroup,
];
