import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { install as command } from '../../src/cli/commands/install/command.ts';
import type { InstallRequest } from '../../src/operations/install/request.ts';
import type { Plan } from '../../src/planning/plan.ts';
import { readEnvironment } from '../../src/platform/process-environment.ts';
import { planAnswer } from '../../src/server/mcp/tools/plan-install.ts';
import { shown } from '../support/commands.ts';
import {
  everyRow,
  keepOption,
  obstructed,
  sceneOfEveryRow,
  type TableRow,
} from '../support/every-row.ts';
import { run } from '../support/install-samples.ts';
import { tableUnder } from '../support/markdown-table.ts';
import { connectClient } from '../support/mcp.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { decideInWords, wordOf } from '../support/three-way-words.ts';

const page = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');

/** One way to ask for a plan: as options of the command line, and as the others name them. */
interface Asked {
  readonly line: string;
  readonly tool: Readonly<Record<string, unknown>>;
  readonly request: Partial<InstallRequest> & Pick<InstallRequest, 'mode'>;
}

const preserve = { mode: 'preserve' } as const;
const merge = { mode: 'merge' } as const;
const replace = { mode: 'replace', backup: true } as const;
const all = { prune: true, includeState: true } as const;

const ways: readonly Asked[] = [
  { line: '', tool: {}, request: preserve },
  { line: '--merge', tool: merge, request: merge },
  { line: '--replace --backup', tool: replace, request: replace },
  {
    line: '--merge --restore-deleted',
    tool: { ...merge, restore_deleted: true },
    request: { ...merge, restoreDeleted: true },
  },
  {
    line: '--replace --backup --prune --include-state',
    tool: { ...replace, prune: true, include_state: true },
    request: { ...replace, ...all },
  },
];

/** What a surface says of a plan. */
interface Said {
  readonly conflicts: readonly string[];
  readonly wouldChange: boolean;
}

/** People are shown conflicts by what they can do about them; the order says nothing else. */
function ofText(text: string): Said {
  const conflicts = [...text.matchAll(/^ {2}! conflict +(\S+)/gm)].map(([, path = '']) => path);
  const [, count = '0'] = /^(\d+) conflicts?, left exactly/m.exec(text) ?? [];
  expect(conflicts).toHaveLength(Number(count));
  return {
    conflicts: conflicts.sort(),
    wouldChange: !/^[\w-]+(?: is at .*)?: nothing to do/m.test(text),
  };
}

function ofDocument(document: unknown): Said {
  const { identities } = document as { readonly identities: readonly [Said] };
  return ofAnswer(identities[0]);
}

function ofAnswer({ conflicts, wouldChange }: Said): Said {
  return { conflicts: [...conflicts].sort(), wouldChange };
}

/** The exit codes of `--plan` and `--check`. */
function exitCodesOf({ conflicts, wouldChange }: Said): readonly number[] {
  const left = conflicts.length > 0;
  return [left ? 1 : 0, left || wouldChange ? 1 : 0];
}

/** What everybody says of a plan that is one row and nothing else. */
async function saidOfOneRow(plan: Plan, line: string): Promise<Said> {
  const planned = run({ plan, outcome: 'planned' });
  const [shownPlan, check] = [
    await shown(command, `helper ${line} --plan`, planned),
    await shown(command, `helper ${line} --check`, planned),
  ];
  const said = ofText(shownPlan.text);
  expect(ofText(check.text)).toEqual(said);
  expect(ofDocument(shownPlan.document)).toEqual(said);
  expect(ofAnswer(planAnswer(planned))).toEqual(said);
  expect([shownPlan.exitCode, check.exitCode]).toEqual(exitCodesOf(said));
  return said;
}

/** A file without a base is a conflict where the two sides were to be brought together. */
function isConflict(word: string, { mode }: Asked['request']): boolean {
  return word.startsWith('conflict:') || (word === 'no-base' && mode === 'merge');
}

function decided({ base, local, incoming, class: fileClass }: TableRow, request: Asked['request']) {
  const { mode, ...options } = request;
  return decideInWords([base, local, incoming], mode, fileClass, options);
}

describe.each(ways)('with the options "$line"', ({ line, tool, request }) => {
  it('a plan of every row says the same on every surface', async () => {
    const { from, home, context } = await sceneOfEveryRow();
    const umask = readEnvironment().umask;
    const environment = { ...context.environment, umask };
    const words = [...line.split(' ').filter(Boolean), '--keep', keepOption, '--home', home];
    const identity = (...more: string[]) =>
      runInProcess(
        { directory: temporaryDirectory() },
        'identity-install',
        ...['helper', '--from', from, ...words, ...more],
      );
    const text = await identity('--plan');
    const json = await identity('--plan', '--json');
    const check = await identity('--check');
    const { answer } = await connectClient({ ...context, environment });
    const given = { id: 'helper', from, keep: [keepOption], ...tool };
    const answered = await answer('identity_plan_install', given);

    const document = JSON.parse(json.stdout) as { identities: [{ plan: Plan }] };
    const { plan } = document.identities[0];
    expect(text.stdout).toContain(plan.digest);
    expect(answered['planDigest']).toBe(plan.digest);

    const said = ofText(text.stdout);
    expect(said.conflicts.length).toBeGreaterThan(0);
    expect(ofText(check.stdout)).toEqual(said);
    expect(ofDocument(document)).toEqual(said);
    expect(ofAnswer(answered as unknown as Said)).toEqual(said);
    expect([text.status, check.status]).toEqual(exitCodesOf(said));
    expect(json.status).toBe(text.status);

    const actions = new Map(plan.actions.map((action) => [action.path, action]));
    for (const row of everyRow) {
      const action = actions.get(row.path);
      const word = action === undefined ? 'none' : wordOf(action);
      expect(word, row.path).toBe(decided(row, request));
      expect(said.conflicts.includes(row.path), row.path).toBe(isConflict(word, request));
      const alone = { ...plan, actions: action === undefined ? [] : [action] };
      expect(await saidOfOneRow(alone, line), row.path).toEqual({
        conflicts: isConflict(word, request) ? [row.path] : [],
        wouldChange: ['add', 'update', 'replace', 'remove'].includes(word),
      });
    }
    for (const path of obstructed) {
      const action = actions.get(path);
      expect(action, path).toBeDefined();
      if (action === undefined) continue;
      expect(await saidOfOneRow({ ...plan, actions: [action] }, line)).toEqual({
        conflicts: action.kind === 'keep' ? [path] : [],
        wouldChange: action.kind !== 'keep',
      });
    }
  });
});

describe('the rows of these plans', () => {
  const documented = ['Shipped files', 'State files', 'Options and obstacles'].flatMap((heading) =>
    tableUnder(page, heading).map((row) => ({
      class: heading.startsWith('State') ? 'state' : 'shipped',
      given: '',
      ...row,
    })),
  ) as unknown as (TableRow & Readonly<Record<string, string>>)[];

  it('are those of the documented tables, obstacles apart', () => {
    const keyOf = ({ class: fileClass, base, local, incoming }: TableRow) =>
      [fileClass, base, local, incoming].join(' ');
    const keys = new Set(everyRow.map(keyOf));
    const others = documented.filter((row) => !keys.has(keyOf(row)));
    expect(others).toEqual([]);
  });

  it('come to every decision that there is', () => {
    const words = documented.flatMap((row) =>
      ['preserve', 'merge', 'replace'].map((mode) => row[mode]),
    );
    const met = everyRow.flatMap((row) => ways.map(({ request }) => decided(row, request)));
    expect(new Set([...met, 'conflict:blocked-parent'])).toEqual(new Set(words));
  });
});
