import { printable } from '../../core/printable.ts';
import type { IdentityOutcome } from '../../operations/install/outcome.ts';
import type { InstallWish } from '../../operations/install/request.ts';
import { count } from './fold.ts';
import type { PlanGroups } from './plan-groups.ts';
import { releaseName, releaseWithCommit } from './release-name.ts';
import type { Style } from './style.ts';

/** The one line that says what happened; it must be true even if nothing else is read. */
export function headline(
  identity: IdentityOutcome,
  groups: PlanGroups,
  request: InstallWish,
  style: Style,
): string {
  const id = printable(identity.id);
  const release = releaseWithCommit(identity.plan.release);
  if (groups.changes.length === 0 && identity.plan.catalog.length === 0) {
    const left = groups.conflicts.length + groups.different.length;
    return left === 0
      ? `${style.good(id)} is at ${release}: nothing to do.`
      : `${style.strong(id)}: nothing to do for ${release}; ${count(left, 'file')} that ${left === 1 ? 'differs' : 'differ'} from it stayed as ${left === 1 ? 'it is' : 'they are'}.`;
  }
  return identity.outcome === 'planned'
    ? `${style.strong(`${stopTitles[request.stopAfter ?? 'plan']} for ${id}`)}: ${fromTo(identity)}, mode ${identity.plan.mode}. Nothing was changed.`
    : style.good(doneTitle(identity, groups, id, release));
}

const stopTitles = { plan: 'Plan', 'dry-run': 'Dry run', check: 'Check' };

function fromTo({ plan }: IdentityOutcome): string {
  const to = releaseWithCommit(plan.release);
  if (plan.installed === null || plan.installed.commit === plan.release.commit) return to;
  return `${releaseName(plan.installed)} -> ${to}`;
}

function doneTitle(
  { plan }: IdentityOutcome,
  { changes, conflicts, different }: PlanGroups,
  id: string,
  release: string,
): string {
  if (changes.length === 0) return `Changed the local catalog for ${id} ${release}.`;
  const advanced = plan.installed !== null && plan.installed.commit !== plan.release.commit;
  const from = plan.installed !== null && advanced ? ` from ${releaseName(plan.installed)}` : '';
  if (plan.mode === 'replace') return `Replaced ${id} with ${release}.`;
  if (conflicts.length > 0) {
    return plan.mode === 'merge'
      ? `Merged ${release} into ${id}, except for ${count(conflicts.length, 'conflict')}.`
      : `Added what is missing from ${release} to ${id}, except for ${count(conflicts.length, 'conflict')}.`;
  }
  if (plan.mode === 'merge') return `Merged ${release} into ${id}.`;
  if (!plan.instanceExists) return `Installed ${id} ${release}.`;
  const untouched = changes.every((action) => action.kind === 'add')
    ? '; no existing file was changed'
    : '';
  return different.length > 0 || !advanced
    ? `Added what was missing from ${release} to ${id}${untouched}.`
    : `Updated ${id}${from} to ${release}${untouched}.`;
}
