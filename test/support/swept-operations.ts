import { ensureDirSync } from 'fs-extra/esm';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InstallRequest } from '../../src/operations/install/request.ts';
import { useCasesOf } from './use-cases.ts';
import { systemError } from '../../src/platform/system-error.ts';
import { lastRun, unsyncedDisk, type Step, type SweptOperation } from './fault-sweep.ts';
import { helperRelease } from './helper-pack.ts';
import { makeRepository, type RepositoryFile, type RepositoryFiles } from './repository.ts';
import { replaceAll } from './scene.ts';
import { requestOf } from './workshop.ts';

const task = JSON.stringify({
  install_safety_contract: { required: true, install_report_path_pattern: 'out/report-*.json' },
});
const first: RepositoryFiles = {
  'IDENTITY_PROMPT.md': 'one',
  'CURRENT_TASK.json': task,
  'TASK_HISTORY.md': '# history\n',
  a: 'a1',
  b: 'b1',
  same: 'same',
  'gone/c': 'c1',
  file: 'becomes a directory',
  'directory/x': 'becomes',
  'directory/deep/y': 'a file',
};
const second: RepositoryFiles = {
  'IDENTITY_PROMPT.md': 'two',
  'CURRENT_TASK.json': task,
  'TASK_HISTORY.md': '# history\n',
  a: 'a2',
  b: 'b2',
  same: { content: 'same', executable: true },
  'come/n': 'new',
  'file/x': 'now a directory',
  directory: 'now a file',
};

function makeOne(): string {
  return makeRepository({ 'v1.0.0': helperRelease(first), 'v1.1.0': helperRelease(second) }).path;
}

function twoIdentities(version: string): RepositoryFiles {
  const ids = ['helper', 'other'];
  const entry = (id: string) =>
    `  - { id: ${id}, title: ${id}, description: ${id}, status: active, methodology_version: v1, pack_path: identity/packs/${id} }`;
  const tree: Record<string, RepositoryFile> = {
    'identity/catalog/identities.yaml': `version: "1.0"\nidentities:\n${ids.map(entry).join('\n')}\n`,
  };
  for (const id of ids) {
    tree[`identity/packs/${id}/IDENTITY_PROMPT.md`] = `${id} ${version}`;
    tree[`identity/packs/${id}/a`] = `a of ${id} ${version}`;
    tree[`identity/packs/${id}/only/${version}`] = `${id} has it only in ${version}`;
  }
  return tree;
}

function makeTwo(): string {
  return makeRepository({ 'v1.0.0': twoIdentities('v1'), 'v1.1.0': twoIdentities('v2') }).path;
}

const installs =
  (given: Partial<InstallRequest> = {}): Step =>
  (context, { from }) =>
    useCasesOf(context).install(
      requestOf({ from, ...(given.all ? {} : { ids: ['helper'] }), ...given }),
    );
const firstRelease = installs({ release: 'v1.0.0' });
const replace = installs(replaceAll);
const undo: Step = (context) =>
  useCasesOf(context).rollback({ ref: 'last', through: false, paths: [] });
const undoRun: Step = (context, { home }) =>
  useCasesOf(context).rollback({ ref: lastRun(home), through: false, paths: [] });

/** A user edits, keeps private files and directories, and an agent writes its history. */
const lives: Step = (_context, { home }) => {
  const path = (name: string) => join(home, 'instances', 'helper', name);
  writeFileSync(path('a'), 'mine');
  chmodSync(path('a'), 0o600);
  writeFileSync(path('TASK_HISTORY.md'), '# history\n- done today\n');
  ensureDirSync(path('own/empty'));
  writeFileSync(path('own/notes'), 'mine too');
  return Promise.resolve();
};

const hasCatalog: Step = (_context, { home }) => {
  ensureDirSync(home);
  const text =
    '# my own identities\nversion: "1.0"\nidentities:\n  - id: mine # made by hand\n    pack_path: instances/mine\n';
  writeFileSync(join(home, 'catalog.local.yaml'), text);
  return Promise.resolve();
};

/** A catalog that somebody wrote on Windows, in an order and in styles of their own. */
const hasOddCatalog: Step = (_context, { home }) => {
  ensureDirSync(home);
  const text =
    "# my own identities\nidentities:\n    -   {id: 'mine', pack_path: instances/mine} # by hand\n\n    # the last one\n    - pack_path: >-\n        instances/yours\n      id: yours\ndefault_identity: mine # for now\nx-own: [1, 2]\n";
  writeFileSync(join(home, 'catalog.local.yaml'), text.replaceAll('\n', '\r\n'));
  return Promise.resolve();
};

const registers =
  (activate: boolean): Step =>
  (context) =>
    useCasesOf(context).register({ id: 'helper', activate });

const withoutExchange = {
  ...unsyncedDisk,
  exchange(left: string): never {
    throw systemError('ENOSYS', 'not here', 'exchange', left);
  },
};

const one = { ids: ['helper'], makeSource: makeOne };
const two = { ids: ['helper', 'other'], makeSource: makeTwo };
const both = { all: true } as const;

const firstInstall: SweptOperation = {
  ...one,
  name: 'first install',
  before: [],
  step: firstRelease,
};
const replaceAfterLife: SweptOperation = {
  ...one,
  name: 'replace',
  before: [firstRelease, lives],
  step: replace,
};
const undoOfReplace: SweptOperation = {
  ...one,
  name: 'rollback of a replace',
  before: [firstRelease, lives, replace],
  step: undo,
};

/** Every way in which a home is changed (docs/reliability.md#faults). */
export const sweptOperations: readonly SweptOperation[] = [
  firstInstall,
  {
    ...one,
    name: 'update that adds',
    before: [firstRelease, lives, installs({ stopAfter: 'dry-run' })],
    step: installs(),
  },
  {
    ...one,
    name: 'merge',
    before: [firstRelease, lives],
    step: installs({ mode: 'merge' }),
  },
  replaceAfterLife,
  { ...replaceAfterLife, name: 'replace without atomic exchange', disk: withoutExchange },
  {
    ...one,
    name: 'register and activate',
    before: [hasCatalog, firstRelease, lives],
    step: installs({ register: true, activate: true }),
  },
  {
    ...one,
    name: 'identity register',
    isVariant: true,
    before: [hasOddCatalog, firstRelease, lives],
    step: registers(false),
  },
  {
    ...one,
    name: 'identity activate',
    isVariant: true,
    before: [hasOddCatalog, firstRelease, lives, registers(false)],
    step: registers(true),
  },
  {
    ...one,
    name: 'rollback of identity activate',
    isVariant: true,
    before: [hasOddCatalog, firstRelease, lives, registers(false), registers(true)],
    step: undo,
  },
  undoOfReplace,
  { ...one, name: 'rollback of a first install', before: [firstRelease], step: undo },
  {
    ...one,
    name: 'rollback of a rollback',
    before: [firstRelease, lives, replace, undo],
    step: undo,
  },
  {
    ...two,
    name: 'run of two identities',
    before: [installs({ ...both, release: 'v1.0.0' }), lives],
    step: installs({ ...both, ...replaceAll }),
  },
  {
    ...two,
    name: 'rollback of a run',
    before: [installs({ ...both, release: 'v1.0.0' }), lives, installs({ ...both, ...replaceAll })],
    step: undoRun,
  },
];

/** The operations whose recovery is swept: forward, backward, and nothing done yet. */
export const recoveredOperations: readonly SweptOperation[] = [
  firstInstall,
  replaceAfterLife,
  { ...replaceAfterLife, name: 'replace without atomic exchange', disk: withoutExchange },
  undoOfReplace,
];
