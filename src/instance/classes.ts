import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { PackPath } from '../core/path.ts';
import { compileGlob, globProblem } from '../core/glob.ts';

/** Who a path belongs to (docs/architecture.md#file-classes). */
export type FileClass = 'shipped' | 'state' | 'local';

/** What a pack's `META.yaml` declares under `install:`, unchanged. */
export interface DeclaredClasses {
  readonly shipped: readonly string[];
  readonly state: readonly string[];
  readonly local: readonly string[];
}

/** Compiled rules; the first match wins. */
export type ClassRules = readonly {
  readonly class: FileClass;
  readonly matches: (path: PackPath) => boolean;
}[];

/** What agents write while they work. */
const agentWritten = [
  'TASK_HISTORY.md',
  'RULEBOOK.jsonl',
  'runtime/{logs,rulebooks,metrics,reports}/**',
];

/**
 * The class of a path by rule alone. A path that the release does not ship belongs to the user
 * whatever this says; only a caller that knows the release can decide that.
 */
export function classify(path: PackPath, rules: ClassRules): FileClass {
  return rules.find((rule) => rule.matches(path))?.class ?? 'shipped';
}

/**
 * Rules in order of authority: the user's `--keep`; what the pack declares, the most careful class
 * first; the defaults. A glob of a pack that cannot be used is ignored and reported as a finding.
 *
 * @throws InstallError E_USAGE for a glob of `keep` that cannot be used
 */
export function classRules(options: {
  readonly keep?: readonly string[];
  readonly declared?: DeclaredClasses;
}): { rules: ClassRules; findings: Finding[] } {
  const { keep = [], declared } = options;
  const findings: Finding[] = [];
  const rule = (kind: FileClass, glob: string) => ({ class: kind, matches: compileGlob(glob) });

  const kept = keep.map((glob) => {
    const problem = globProblem(glob);
    if (problem === undefined) return rule('local', glob);
    throw new InstallError(
      'E_USAGE',
      `The glob "${glob}" of files to keep cannot be used: ${problem}.`,
      {
        remedy: 'Write a glob relative to the instance, for example "notes/**".',
        details: { glob },
      },
    );
  });
  const fromPack = (['local', 'state', 'shipped'] as const).flatMap((kind) =>
    (declared?.[kind] ?? []).flatMap((glob, index) => {
      const problem = globProblem(glob);
      if (problem === undefined) return [rule(kind, glob)];
      findings.push({
        code: 'CLASS_GLOB_INVALID',
        severity: 'warn',
        path: 'META.yaml',
        pointer: `/install/${kind}/${index}`,
        message: `The glob "${glob}" is ignored: ${problem}.`,
      });
      return [];
    }),
  );
  const defaults = agentWritten.map((glob) => rule('state', glob));
  return { rules: [...kept, ...fromPack, ...defaults], findings };
}
