import { checkIdentityId, isIdentityId } from '../../core/identity-id.ts';
import { InstallError } from '../../core/errors.ts';
import type { InstallRequest } from '../../operations/install/request.ts';
import { readGlobalOptions } from './global-options.ts';
import { installOptions } from './install-options.ts';
import type { InstallWish, Invocation } from './invocation.ts';
import { readLimits } from './limit-options.ts';
import { checkPlanDigest } from './plan-digest.ts';
import { helpCommandOf, readArguments, type Arguments } from './read-arguments.ts';

/**
 * `identity-install [id..]`
 *
 * @throws InstallError E_USAGE, E_ID_INVALID, E_ID_RESERVED, E_REPLACE_NEEDS_BACKUP
 */
export function parseInstall(argv: readonly string[]): Invocation {
  const given = readArguments(argv, installOptions, helpCommandOf('identity-install'));
  const options = readGlobalOptions(given);
  refuseContradictions(given);

  const request = readRequest(given);
  refuseUnbackedReplace(request);
  return { command: { kind: 'install', request, yes: given.flag('yes') }, options };
}

function readRequest(given: Arguments): InstallWish {
  const from = given.value('from');
  const release = given.value('release');
  const planDigest = given.value('plan-digest');
  const stopAfter = stopPoints.find((point) => given.flag(point));
  return {
    ids: readIds(given),
    all: given.flag('all'),
    ...(from === undefined ? {} : { from }),
    ...(release === undefined ? {} : { release }),
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
  InstallRequest['stopAfter']
>[];

function readIds(given: Arguments): string[] {
  const ids = [...new Set(given.positionals)];
  for (const id of ids) {
    if (!isIdentityId(id) && /[./:\\]/.test(id)) {
      throw new InstallError('E_ID_INVALID', `"${id}" is no identity id.`, {
        remedy: 'If it is where the release comes from, write --from before it.',
        details: { id },
      });
    }
    checkIdentityId(id);
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
    throw new InstallError('E_USAGE', `--${name} means something only with --replace.`, {
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
