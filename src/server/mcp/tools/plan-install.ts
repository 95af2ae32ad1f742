import { checkIdentityId } from '../../../core/identity-id.ts';
import { InstallError } from '../../../core/errors.ts';
import { install } from '../../../operations/install/install.ts';
import { changesOf, conflictsOf, keptByReason, wouldChange } from '../../../planning/policy.ts';
import type { Mode, Plan } from '../../../planning/plan.ts';
import { installOptionTexts } from '../../../operations/install/options.ts';
import type { InstallRun } from '../../../operations/install/outcome.ts';
import type { InstallRequest } from '../../../operations/install/request.ts';
import {
  count,
  flag,
  identityId,
  input,
  list,
  object,
  oneOf,
  orNull,
  text,
} from '../json-schema.ts';
import { sentence } from '../sentence.ts';
import type { Tool } from '../tool.ts';
import { cut, findingOf, findingSchema, releaseOf, releaseSchema } from './shapes.ts';

interface Input {
  readonly id: string;
  readonly from?: string;
  readonly release?: string;
  readonly mode?: Mode;
  readonly backup?: boolean;
  readonly prune?: boolean;
  readonly include_state?: boolean;
  readonly keep?: readonly string[];
  readonly restore_deleted?: boolean;
  readonly register?: boolean;
  readonly activate?: boolean;
  readonly offline?: boolean;
  readonly allow_downgrade?: boolean;
  readonly require_valid?: boolean;
  readonly strict?: boolean;
}

export const planInstallTool: Tool<Input> = {
  name: 'identity_plan_install',
  title: 'Plan an install',
  description:
    'What installing or updating an identity would do, file by file; no file of it is touched. The ' +
    'planDigest is what identity_install applies. By default nothing that exists would be changed.',
  locksHome: true,
  reachesOut: true,
  writes: false,
  inputSchema: input(
    {
      id: identityId,
      from: text(sentence(installOptionTexts.from)),
      release: text(sentence(installOptionTexts.release)),
      mode: oneOf(
        ['preserve', 'merge', 'replace'],
        'What may happen to existing files. Default: preserve, which changes none of them.',
      ),
      backup: flag(sentence(installOptionTexts.backup)),
      prune: flag(sentence(installOptionTexts.prune)),
      include_state: flag(sentence(installOptionTexts.includeState)),
      keep: list(text(sentence(installOptionTexts.keep))),
      restore_deleted: flag(sentence(installOptionTexts.restoreDeleted)),
      register: flag(sentence(installOptionTexts.register)),
      activate: flag(sentence(installOptionTexts.activate)),
      offline: flag(sentence(installOptionTexts.offline)),
      allow_downgrade: flag(sentence(installOptionTexts.allowDowngrade)),
      require_valid: flag(sentence(installOptionTexts.requireValid)),
      strict: flag(sentence(installOptionTexts.strict)),
    },
    ['id'],
  ),
  outputSchema: object({
    planDigest: text('SHA-256 of the whole plan.'),
    id: text(),
    mode: text(),
    home: text(),
    instance: text('Absolute directory.'),
    instanceExists: flag(),
    release: releaseSchema,
    installed: orNull(releaseSchema),
    wouldChange: flag(),
    changes: list(object({ kind: oneOf(['add', 'update', 'replace', 'remove']), path: text() })),
    conflicts: list(text(), 'Paths that are kept because the two sides cannot be combined.'),
    omitted: count('How many entries the lists leave out.'),
    kept: { type: 'object', additionalProperties: count(), description: 'Files kept, by reason.' },
    catalog: list(text(), 'What would happen to the local catalog.'),
    findings: list(findingSchema),
  }),
  run: async (given, { context, plans }) => {
    const request = requestOf(given);
    const run = await install(context, { ...request, stopAfter: 'check' });
    const answer = planAnswer(run);
    plans.install.remember(answer.planDigest, request);
    return answer;
  },
};

/** What the tool says of a run that planned one identity. */
export function planAnswer({ identities, findings: ofRun }: InstallRun) {
  const plan = identities[0]?.plan;
  if (plan === undefined) throw new InstallError('E_BUG', 'A plan of one identity has none.');
  const findings = cut([...ofRun, ...plan.findings]);
  const shown = planOf(plan);
  return {
    ...shown,
    omitted: shown.omitted + findings.omitted,
    findings: findings.shown.map(findingOf),
  };
}

function requestOf(given: Input): InstallRequest {
  const { from, release, mode = 'preserve', backup = false, activate = false } = given;
  if (mode === 'replace' && !backup) {
    throw new InstallError(
      'E_REPLACE_NEEDS_BACKUP',
      'The mode replace overwrites files that may have been changed here, so it needs a backup.',
      { remedy: 'Add "backup": true.' },
    );
  }
  for (const option of ['prune', 'include_state'] as const) {
    if (given[option] !== true || mode === 'replace') continue;
    throw new InstallError('E_USAGE', `${option} has an effect only in the mode replace.`, {
      remedy: `Leave ${option} out, or add "mode": "replace", "backup": true.`,
      details: { argument: option },
    });
  }
  return {
    ids: [checkIdentityId(given.id)],
    all: false,
    ...(from !== undefined && { from }),
    ...(release !== undefined && { release }),
    mode,
    backup,
    prune: given.prune ?? false,
    includeState: given.include_state ?? false,
    keep: given.keep ?? [],
    restoreDeleted: given.restore_deleted ?? false,
    diff: false,
    frozen: false,
    offline: given.offline ?? false,
    register: given.register ?? false,
    activate,
    allowDowngrade: given.allow_downgrade ?? false,
    acceptMovedTag: false,
    allowHttp: false,
    requireValid: given.require_valid ?? false,
    strict: given.strict ?? false,
  };
}

function planOf(plan: Plan) {
  const changes = changesOf(plan).map(({ kind, path }) => ({ kind, path }));
  const conflicts = conflictsOf(plan).map(({ path }) => path);
  const [shownChanges, shownConflicts] = [cut(changes), cut(conflicts)];
  return {
    planDigest: plan.digest,
    id: plan.id,
    mode: plan.mode,
    home: plan.home,
    instance: plan.instance,
    instanceExists: plan.instanceExists,
    release: releaseOf(plan.release),
    installed: plan.installed === null ? null : releaseOf(plan.installed),
    wouldChange: wouldChange(plan),
    changes: shownChanges.shown,
    conflicts: shownConflicts.shown,
    omitted: shownChanges.omitted + shownConflicts.omitted,
    kept: Object.fromEntries(keptByReason(plan)),
    catalog: plan.catalog.map(({ kind }) => kind),
  };
}
