import { exitCodes } from '../../../core/error-codes.ts';
import { InstallError } from '../../../core/errors.ts';
import type { InstallWish } from '../../../operations/install/request.ts';
import { conflictsOf, wouldChange } from '../../../planning/policy.ts';
import type { Arguments } from '../../options/arguments.ts';
import { checkTypedId } from '../../options/operands.ts';
import { checkPlanDigest } from '../../options/plan-digest.ts';
import { valuesOf } from '../../options/values.ts';
import { defineCommand } from '../../command/command.ts';
import { readLimits } from './limit-options.ts';
import { installOptions } from './options.ts';

export const install = defineCommand({
  usage: ['identity-install [id..] [options]'],
  about:
    'Installs or updates identity packs. By default no existing file is changed ' +
    'or removed: only what is missing is added, and everything kept is named with its reason.',
  options: installOptions,
  examples: [
    ['identity-install', 'the default identity of the built-in starter'],
    ['identity-install --from acme/identities --release "~1.4.0"', 'the newest 1.4 release'],
    ['identity-install code-reviewer --plan', 'what would happen; nothing is changed'],
    ['identity-install code-reviewer --merge', 'advance the files you did not change'],
    [
      'identity-install code-reviewer --replace --backup',
      'restore what the release ships; the old files are kept in a snapshot',
    ],
  ],
  exits: [
    [exitCodes.done, 'done, or nothing to do'],
    [exitCodes.findings, 'conflicts are left, or --check found something to do'],
    [exitCodes.pack, 'the pack is refused'],
    [exitCodes.source, 'the source or the tag cannot be trusted or reached'],
  ],
  schemas: ['install-result'],
  parse: (given) => {
    refuseContradictions(given);
    const request = readRequest(given);
    refuseUnbackedReplace(request);
    return { request, yes: given.flag('yes') };
  },
  run: async ({ request, yes }, { composition, options }) => {
    const { install: run } = await import('../../../operations/install/install.ts');
    const { choose } = composition;
    const mayAsk = choose !== undefined && !yes && !options.json;
    return await run(composition.openHome(), { ...request, ...(mayAsk ? { choose } : {}) });
  },
  /** 1 if a conflict is left, or if `--check` found something to do; otherwise 0. */
  exitCode: (run, { request }) => {
    const plans = run.identities.map((identity) => identity.plan);
    if (plans.some((plan) => conflictsOf(plan).length > 0)) return exitCodes.findings;
    if (request.stopAfter === 'check' && plans.some(wouldChange)) return exitCodes.findings;
    return exitCodes.done;
  },
  text: async (run, { request }, context) => {
    const { renderInstall } = await import('../../render/install-text.ts');
    return renderInstall(run, request, context);
  },
});

function readRequest(given: Arguments): InstallWish {
  const planDigest = given.value('plan-digest');
  const stopAfter = stopPoints.find((point) => given.flag(point));
  return {
    ids: readIds(given),
    all: given.flag('all'),
    ...valuesOf(given, 'from', 'release'),
    mode: given.flag('replace') ? 'replace' : given.flag('merge') ? 'merge' : 'preserve',
    backup: given.flag('backup'),
    prune: given.flag('prune'),
    includeState: given.flag('include-state'),
    keep: given.list('keep'),
    restoreDeleted: given.flag('restore-deleted'),
    ...(stopAfter === undefined ? {} : { stopAfter }),
    diff: given.flag('diff'),
    ...(planDigest === undefined ? {} : { planDigest: checkPlanDigest(planDigest) }),
    frozen: given.flag('frozen'),
    offline: given.flag('offline'),
    register: given.flag('register'),
    activate: given.flag('activate'),
    allowDowngrade: given.flag('allow-downgrade'),
    acceptMovedTag: given.flag('accept-moved-tag'),
    allowHttp: given.flag('allow-http'),
    requireValid: given.flag('require-valid'),
    strict: given.flag('strict'),
    ...readLimits(given),
  };
}

const stopPoints = ['plan', 'dry-run', 'check'] as const satisfies readonly NonNullable<
  InstallWish['stopAfter']
>[];

function readIds(given: Arguments): string[] {
  const ids = [...new Set(given.operands)];
  for (const id of ids) {
    const isPlace = /[/:\\]/.test(id) || (id.includes('.') && !id.includes('@'));
    if (isPlace) {
      throw new InstallError('E_ID_INVALID', `"${id}" is not a valid identity id.`, {
        remedy: 'If it is the source of the release, write --from before it.',
        details: { id },
      });
    }
    checkTypedId(id);
  }
  if (ids.length > 0 && given.flag('all')) {
    throw new InstallError('E_USAGE', '--all and named identities exclude each other.', {
      remedy: 'Leave --all out to install only the named ones.',
      details: { ids },
    });
  }
  return ids;
}

function refuseContradictions(given: Arguments): void {
  given.refuseTogether('merge', 'replace');
  given.refuseTogether('frozen', 'release');
  given.refuseTogether('frozen', 'accept-moved-tag');
  for (const [index, point] of stopPoints.entries()) {
    for (const other of stopPoints.slice(index + 1)) given.refuseTogether(point, other);
    given.refuseTogether(point, 'plan-digest');
  }
  for (const name of ['prune', 'include-state']) {
    if (!given.has(name) || given.has('replace')) continue;
    throw new InstallError('E_USAGE', `--${name} has an effect only with --replace.`, {
      remedy: `Add --replace --backup, or leave --${name} out.`,
      details: { option: name },
    });
  }
}

function refuseUnbackedReplace({ mode, backup }: InstallWish): void {
  if (mode !== 'replace' || backup) return;
  throw new InstallError(
    'E_REPLACE_NEEDS_BACKUP',
    '--replace overwrites files that you may have changed, so it needs --backup.',
    { remedy: 'Add --backup: the files are archived first, and identity-rollback puts them back.' },
  );
}
