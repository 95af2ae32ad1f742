import type { KeepAction } from '../../planning/plan.ts';
import type { IdentityOutcome } from '../../operations/install/outcome.ts';
import type { InstallWish } from '../../operations/install/request.ts';
import { fixed, type Line } from '../layout/lines.ts';
import type { RenderContext } from './context.ts';
import { fileLines, sizeOf } from './file-lines.ts';
import { count } from './fold.ts';
import { keepReason } from './keep-reason.ts';
import { acting, commandFor } from './next-steps.ts';
import { releaseName } from './release-name.ts';

/** What the reader has to do about a conflict; several of the same kind share the advice. */
type Advice = 'choose' | 'restore' | 'move';

/** Every conflict by name, and below each kind what can be done; the list is never shortened. */
export function conflictLines(
  conflicts: readonly KeepAction[],
  identity: IdentityOutcome,
  request: InstallWish,
  context: RenderContext,
): Line[] {
  if (conflicts.length === 0) return [];
  const release = releaseName(identity.plan.release);
  const one = conflicts.length === 1;
  const title = `${count(conflicts.length, 'conflict')}, left exactly as ${one ? 'it is' : 'they are'}:`;
  const lines = (['choose', 'restore', 'move'] as const).flatMap((advice) => {
    const concerned = conflicts.filter((action) => adviceFor(action) === advice);
    if (concerned.length === 0) return [];
    const rows = fileLines(
      concerned.map((action) => ({
        symbol: '!' as const,
        word: 'conflict',
        path: action.path,
        size: sizeOf(action.local),
        note: keepReason(action, release),
      })),
      context.layout,
    );
    return [...rows, ...adviceLines(advice, release, identity, request, context)];
  });
  return [context.style.warning(title), ...lines];
}

function adviceFor({ conflict }: KeepAction): Advice {
  switch (conflict) {
    case 'deleted-here':
      return 'restore';
    case 'other-kind':
    case 'blocked-parent':
      return 'move';
    default:
      return 'choose';
  }
}

function adviceLines(
  advice: Advice,
  release: string,
  identity: IdentityOutcome,
  request: InstallWish,
  context: RenderContext,
): Line[] {
  const command = (change: Partial<InstallWish>): Line =>
    fixed(`      ${commandFor(identity, { ...acting(request), ...change }, context)}`);
  switch (advice) {
    case 'choose':
      return [
        '    Yours stays unless you decide otherwise. To see both:',
        command({ mode: 'merge', stopAfter: 'plan', diff: true }),
        `    To take the files of ${release} instead, with a backup of yours:`,
        command({ mode: 'replace', backup: true }),
      ];
    case 'restore':
      return [
        `    It stays deleted. To bring it back as it is in ${release}:`,
        command({ restoreDeleted: true }),
      ];
    case 'move':
      return ['    Move what is there out of the way and run the same command again.'];
  }
}
