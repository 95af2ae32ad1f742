import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registry } from '../../src/cli/commands/registry.ts';
import type { LedgerEntry } from '../../src/engine/trail/ledger.ts';
import { tools } from '../../src/server/mcp/tools/registry.ts';
import { homeTree } from '../support/home-state.ts';
import { connectClient } from '../support/mcp.ts';
import { jsonOf, type Program, type Ran } from '../support/program.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { installedScene, replaceAll, textOf } from '../support/scene.ts';

/** A home with an install and a replacement, and the means to edit its ledger. */
async function openHome() {
  const scene = await installedScene({ notes: 'one\n' }, { notes: 'two\n' });
  const ledger = scene.state('ledger.jsonl');
  const { ref: first } = JSON.parse(textOf(ledger)) as LedgerEntry;
  await scene.run(replaceAll);
  writeFileSync(
    join(scene.home, 'catalog.local.yaml'),
    'identities:\n  - id: helper\n    title: Helper\n    description: Helps.\n',
  );
  /** The last line now says that it undid the first: only its evidence knows better. */
  const editLastLine = () => {
    const lines = textOf(ledger).trimEnd().split('\n');
    const last = JSON.parse(lines.pop() ?? '') as LedgerEntry;
    writeFileSync(ledger, [...lines, JSON.stringify({ ...last, undoes: first }), ''].join('\n'));
  };
  return { scene, first, editLastLine };
}

const refusal = { code: 'E_LEDGER_DAMAGED', details: { field: 'undoes' } };

type Home = Awaited<ReturnType<typeof openHome>>;
type Line = readonly string[];

/** What each command does with a home whose last ledger line was edited, and the lines to see it. */
type Conduct =
  /** It works on the home, or shows what was done in it. */
  | { readonly refuses: readonly Line[] }
  /** It asks the ledger nothing: it says the same as before. */
  | { readonly asBefore: readonly Line[] }
  /** Its requests are the tools below, or commands of this list. */
  | { readonly serves: true };

const conducts: Readonly<Record<string, Conduct>> = {
  'identity-install': {
    refuses: [
      ['helper', '--offline'],
      ['helper', '--offline', '--plan'],
      ['helper', '--offline', '--check'],
      ['helper', '--offline', '--replace', '--backup', '--yes'],
      ['helper', '--offline', '--register', '--activate'],
    ],
  },
  'identity-rollback': {
    refuses: [
      ['last'],
      ['last', '--plan'],
      ['helper@last'],
      ['FIRST'],
      ['FIRST', '--through'],
      ['--list'],
    ],
  },
  history: { refuses: [[]] },
  verify: { refuses: [[], ['helper'], ['--report']] },
  recover: { refuses: [[]] },
  register: { refuses: [['helper']] },
  activate: { refuses: [['helper']] },
  show: { asBefore: [['helper', '--root', 'HOME']] },
  list: { asBefore: [['--root', 'HOME']] },
  match: { asBefore: [['help', '--root', 'HOME']] },
  compile: { asBefore: [['helper']] },
  validate: { asBefore: [['helper', '--now', '2026-11-21T00:00:00Z']] },
  create: { asBefore: [['helper', '--title', 'T', '--description', 'D', '--objective', 'O']] },
  help: { asBefore: [['history']] },
  serve: { serves: true },
  mcp: { serves: true },
};

async function ran({ scene, first }: Home, name: string, line: Line): Promise<Ran> {
  const own = name.startsWith('identity-');
  const words = line.map((word) => ({ FIRST: first, HOME: scene.home })[word] ?? word);
  const command = [...(own ? [] : [name]), ...words];
  const homeless = ['help', 'list', 'match', 'show'].includes(name);
  const options = [
    ...(homeless ? [] : ['--home', scene.home]),
    ...(name === 'help' ? [] : ['--json']),
  ];
  const { workingDirectory } = scene.context.environment;
  const program = (own ? name : 'identity') as Program;
  return await runInProcess({ directory: workingDirectory }, program, ...command, ...options);
}

const linesOf = (pick: (conduct: Conduct) => readonly Line[]) =>
  Object.entries(conducts).flatMap(([name, conduct]) =>
    pick(conduct).map((line) => ({ name, line, typed: [name, ...line].join(' ') })),
  );

describe('a home whose last ledger line was edited', () => {
  it('meets every command here', () => {
    expect(Object.keys(conducts).sort()).toEqual(registry.map(({ name }) => name).sort());
  });

  it('is refused by each that works on it or shows what was done in it, and stays as it is', async () => {
    const home = await openHome();
    home.editLastLine();
    const before = homeTree(home.scene.home);
    for (const { name, line, typed } of linesOf((one) => ('refuses' in one ? one.refuses : []))) {
      const result = await ran(home, name, line);
      expect([result.status, jsonOf(result)], typed).toMatchObject([6, refusal]);
      expect(homeTree(home.scene.home), typed).toEqual(before);
    }
  });

  it('makes no difference to the others, which ask the ledger nothing', async () => {
    const home = await openHome();
    const lines = linesOf((one) => ('asBefore' in one ? one.asBefore : []));
    const before: Ran[] = [];
    for (const { name, line } of lines) before.push(await ran(home, name, line));
    home.editLastLine();
    for (const [index, { name, line, typed }] of lines.entries()) {
      expect(await ran(home, name, line), typed).toEqual(before[index]);
    }
  });

  it('is read to its end by verify --all, which says what cannot be trusted', async () => {
    const home = await openHome();
    home.editLastLine();
    expect(jsonOf(await ran(home, 'verify', ['--all']))).toMatchObject({
      exitCode: 6,
      problems: [{ code: 'LEDGER_EDITED' }],
      trust: { operations: 1 },
    });
  });
});

describe('a client of MCP, over a home whose last ledger line was edited,', () => {
  const wish = { id: 'helper', mode: 'replace', backup: true, offline: true };
  const refused = (from: string, planDigest: unknown): Readonly<Record<string, object>> => ({
    identity_status: {},
    identity_verify: {},
    identity_plan_install: { ...wish, from },
    identity_install: { plan_digest: planDigest },
    identity_rollback: { ref: 'last' },
  });
  const answered: Readonly<Record<string, Record<string, string>>> = {
    identity_list: {},
    identity_show: { id: 'helper' },
    identity_validate: {},
  };

  it('meets every tool here', () => {
    const known = [...Object.keys(refused('', '')), ...Object.keys(answered)].sort();
    expect(known).toEqual(tools.map(({ name }) => name).sort());
  });

  it('is refused where the ledger counts, and answered as before where it does not', async () => {
    const { scene, editLastLine } = await openHome();
    const client = await connectClient(scene.context, { allowWrite: true });
    // A plan that was shown while the ledger was whole.
    appendFileSync(scene.path('notes'), 'mine\n');
    const shown = await client.answer('identity_plan_install', { ...wish, from: scene.from });
    const before: unknown[] = [];
    for (const [name, args] of Object.entries(answered)) before.push(await client.call(name, args));
    editLastLine();
    const tree = homeTree(scene.home);
    for (const [name, args] of Object.entries(refused(scene.from, shown['planDigest']))) {
      expect(await client.refusal(name, { ...args }), name).toMatchObject(refusal);
    }
    for (const [index, [name, args]] of Object.entries(answered).entries()) {
      expect(await client.call(name, args), name).toEqual(before[index]);
    }
    expect(homeTree(scene.home)).toEqual(tree);
  });
});
