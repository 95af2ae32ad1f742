import type { EntryState, FileState } from '../../src/core/entry.ts';
import type { ResolvedRelease } from '../../src/core/release.ts';
import type { FileAction, KeepAction, Plan } from '../../src/planning/plan.ts';
import type { CompletedOperation } from '../../src/engine/completed-operation.ts';
import type { IdentityOutcome, InstallRun } from '../../src/operations/install/outcome.ts';
import type { InstallWish } from '../../src/operations/install/request.ts';
import { install } from '../../src/cli/commands/install/command.ts';
import type { GlobalOptions } from '../../src/cli/options/global-options.ts';
import { unicodeCells } from '../../src/cli/layout/unicode-cells.ts';
import type { RenderContext } from '../../src/cli/render/context.ts';
import { styleFor } from '../../src/cli/render/style.ts';
import { conflictsOf, wouldChange } from '../../src/planning/policy.ts';
import { asked as askedOf } from './commands.ts';

export const ref = '20261120-235959-3f9a1c';

export function release(version: string): ResolvedRelease {
  return {
    url: 'https://example.org/acme/identities.git',
    sourceKind: 'git',
    tag: `v${version}`,
    tagObject: null,
    commit: version.replaceAll('.', '').padEnd(40, 'c'),
    tree: 'e'.repeat(40),
    version,
  };
}

export function file(content: string, size = 1024): FileState {
  return { kind: 'file', sha256: content, size, executable: false };
}

const absent: EntryState = { kind: 'absent' };
const facts = { class: 'shipped' as const, base: absent, local: absent, incoming: absent };

export function add(path: string, size = 1024): FileAction {
  return { ...facts, path, kind: 'add', incoming: file('new', size), mode: 0o644 };
}

export function overwrite(kind: 'update' | 'replace', path: string, size = 1024): FileAction {
  return {
    ...facts,
    path,
    kind,
    base: file('old'),
    local: file(kind === 'update' ? 'old' : 'mine'),
    incoming: file('new', size),
    modeBefore: 0o644,
    mode: 0o644,
  };
}

export function remove(path: string): FileAction {
  return {
    ...facts,
    path,
    kind: 'remove',
    base: file('old'),
    local: file('old'),
    modeBefore: 0o644,
  };
}

export function keep(
  path: string,
  reason: KeepAction['reason'],
  more: Partial<KeepAction> = {},
): KeepAction {
  return {
    ...facts,
    path,
    kind: 'keep',
    reason,
    base: file('old'),
    local: file('mine'),
    incoming: file('new'),
    ...more,
  };
}

export function plan(actions: readonly FileAction[], more: Partial<Plan> = {}): Plan {
  return {
    schema: 'identity-install/plan@1',
    id: 'code-reviewer',
    mode: 'preserve',
    home: '/home/ada/.identity',
    instance: '/home/ada/.identity/instances/code-reviewer',
    instanceExists: true,
    release: release('1.1.0'),
    packPath: 'identity/packs/code-reviewer',
    installed: release('1.0.0'),
    actions,
    catalog: [],
    findings: [],
    digest: 'd'.repeat(64),
    ...more,
  };
}

export function operation(more: Partial<CompletedOperation> = {}): CompletedOperation {
  return {
    ref,
    evidence: `/home/ada/.identity/.identity-install/evidence/${ref}.json`,
    snapshot: null,
    displaced: null,
    undo: `identity-rollback ${ref} --home /home/ada/.identity`,
    reports: [],
    warnings: [],
    ...more,
  };
}

export function run(identity: Partial<IdentityOutcome> & { plan: Plan }): InstallRun {
  return {
    runId: ref,
    home: identity.plan.home,
    release: identity.plan.release,
    identities: [
      {
        id: identity.plan.id,
        conflicts: conflictsOf(identity.plan).map(({ path }) => path),
        wouldChange: wouldChange(identity.plan),
        outcome: 'done',
        operation: null,
        diffs: [],
        ...identity,
      },
    ],
    findings: [],
    recovered: [],
  };
}

const launcher = (program: string): string => program;

/** A request as the command line makes it: `'code-reviewer --merge'`. */
export function asked(line: string): { request: InstallWish; options: GlobalOptions } {
  const { request, options } = askedOf(install, line);
  return { request: request.request, options };
}

/** What a rendering is given; without a width as where the text goes to a file. */
export function context(line = '', colour = false, columns?: number): RenderContext {
  return {
    style: styleFor(colour),
    options: asked(line).options,
    launcher,
    layout: { cells: unicodeCells, ...(columns !== undefined && { columns }) },
  };
}
