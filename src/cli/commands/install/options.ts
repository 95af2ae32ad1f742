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
        describe:
          'git URL, owner/repo, local repository, bundle, directory or .tar.gz; ' +
          'default: where it came from before, else the built-in starter',
      },
      {
        name: 'release',
        kind: 'value',
        value: '<selector>',
        describe: 'semver range, tag or commit; default: the latest stable tag',
      },
      { name: 'all', kind: 'flag', describe: 'every identity of the release' },
      {
        name: 'frozen',
        kind: 'flag',
        describe: 'exactly the release that the record or the pin names',
      },
      { name: 'offline', kind: 'flag', describe: 'only releases that were fetched before' },
    ],
  },
  homeGroup,
  {
    title: 'What may happen to files that are already there (default: nothing)',
    options: [
      { name: 'merge', kind: 'flag', describe: 'advance the files that you did not change' },
      {
        name: 'replace',
        kind: 'flag',
        describe: "make shipped files the release's; needs --backup",
      },
      { name: 'backup', kind: 'flag', describe: 'keep a verified copy of the whole instance' },
      {
        name: 'prune',
        kind: 'flag',
        describe: 'with --replace: remove unchanged files that the release dropped',
      },
      {
        name: 'include-state',
        kind: 'flag',
        describe: 'with --replace: files that the agent writes, too',
      },
      {
        name: 'keep',
        kind: 'list',
        value: '<glob>',
        describe: 'treat matching files as yours (may be repeated)',
      },
      { name: 'restore-deleted', kind: 'flag', describe: 'bring back files deleted here' },
    ],
  },
  {
    title: 'Look first',
    options: [
      { name: 'plan', kind: 'flag', describe: 'show what would happen, and its digest' },
      { name: 'dry-run', kind: 'flag', describe: 'go through every check, change nothing' },
      { name: 'check', kind: 'flag', describe: 'exit 1 when anything would change' },
      { name: 'diff', kind: 'flag', describe: 'show unified diffs as well' },
      {
        name: 'plan-digest',
        kind: 'value',
        value: '<sha256>',
        describe: 'apply exactly the plan with this digest, or nothing',
      },
    ],
  },
  {
    title: 'Trust',
    options: [
      { name: 'allow-downgrade', kind: 'flag', describe: 'accept an older release' },
      {
        name: 'accept-moved-tag',
        kind: 'flag',
        describe: 'accept a tag that names another commit than before',
      },
      { name: 'allow-http', kind: 'flag', describe: 'accept an unencrypted source' },
      {
        name: 'require-valid',
        kind: 'flag',
        describe: 'refuse a pack that is incomplete or breaks a contract',
      },
      { name: 'strict', kind: 'flag', describe: 'refuse a pack that hides text from its readers' },
    ],
  },
  limitGroup,
  {
    title: 'Local catalog',
    options: [
      { name: 'register', kind: 'flag', describe: 'enter the identity in catalog.local.yaml' },
      { name: 'activate', kind: 'flag', describe: 'and mark it active there' },
      { name: 'yes', kind: 'flag', describe: 'never ask; take the default or stop' },
    ],
  },
  outputGroup,
];
