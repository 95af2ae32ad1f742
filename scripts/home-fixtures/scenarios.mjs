// What happens to the homes of the fixtures: the steps of a long life, and where operations are
// interrupted.

import { appendFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const install = (...args) => ['identity-install', ...args];
const merge = install('helper', '--merge', '--release', 'v1.1.0');
/** The exit code of a merge that left files as they were. */
const conflicts = 1;
const replace = install('helper', '--replace', '--backup', '--prune', '--release', 'v1.2.0');

const installOld = {
  name: 'installed',
  command: (place) => install('--all', '--from', place.source, '--release', 'v1.0.0'),
};

/** What a user and an agent write. */
const liveIn = {
  name: 'lived-in',
  edit({ home, instance }) {
    const path = (name) => join(instance, name);
    writeFileSync(path('rules/style.md'), 'Style (1.0), as I like it.\n');
    chmodSync(path('rules/style.md'), 0o600);
    appendFileSync(path('tools/check.sh'), 'echo mine\n');
    writeFileSync(path('settings/tone.yaml'), 'tone: mine\n');
    rmSync(path('topics/unwanted.md'));
    mkdirSync(path('notes/empty'), { recursive: true });
    writeFileSync(path('notes/private.md'), 'My own notes.\n', { mode: 0o640 });
    appendFileSync(path('TASK_HISTORY.md'), '- Done by the agent.\n');
    writeFileSync(path('memory/facts.md'), '# Facts\n- Learnt by the agent.\n');
    mkdirSync(path('runtime/logs'), { recursive: true });
    writeFileSync(path('runtime/logs/session.jsonl'), '{"said": "by the agent"}\n');
    const catalog =
      '# My own identities\nversion: "1.0"\nidentities:\n  - id: mine # by hand\n    pack_path: instances/mine\n';
    writeFileSync(join(home, 'catalog.local.yaml'), catalog);
  },
};

/** The user writes to this file in the very moment in which a replacement exchanges it. */
const editedMeanwhile = 'tools/check.sh';
const disturbed = ({ instance }) => ({ EDITED_FILE: join(instance, editedMeanwhile) });
const editMeanwhile = ({ instance }) =>
  appendFileSync(join(instance, editedMeanwhile), 'written meanwhile\n');

/** The steps of a long life. Operations are undone again, newest first, in the tests. */
export const life = [
  installOld,
  liveIn,
  { name: 'merged', command: () => merge, status: conflicts },
  {
    name: 'aborted',
    command: () => replace,
    disturbed,
    status: 3,
  },
  { name: 'replaced', command: () => replace },
  { name: 'rolled back', command: () => ['identity-rollback', 'last'] },
  { name: 'registered', command: () => ['identity', 'register', 'helper'] },
  { name: 'activated', command: () => ['identity', 'activate', 'helper'] },
  {
    name: 'planned',
    command: () => install('helper', '--merge', '--dry-run', '--release', 'v1.2.0'),
    status: conflicts,
  },
];

const ref = '\\d{8}-\\d{6}-[0-9a-f]{6}';
const journal = `/journal/${ref}`;
const call = (pattern) => new RegExp(pattern);

const points = {
  probing: {
    about: 'it finds out whether names can be exchanged, and has no intent yet',
    at: call(`^renameat2 .*/journal/${ref}\\.probe-left\\.new`),
    settles: 'old',
  },
  intentBegun: {
    about: 'its intent is begun and not finished',
    at: call(`^openat .*${journal}\\.new/intent\\.json$`),
    settles: 'old',
  },
  intentUnnamed: {
    about: 'its intent is finished and does not have its name yet',
    at: call(`^rename .*${journal}\\.new .*${journal}$`),
    when: 'before',
    settles: 'old',
  },
  intent: {
    about: 'its intent is durable, and nothing else is there',
    at: call('^fsync .*/journal$'),
    settles: 'old',
  },
  snapshotBegun: {
    about: 'its snapshot is written and does not have its name yet',
    at: call(`^rename .*/snapshots/${ref}`),
    when: 'before',
    settles: 'old',
  },
  snapshot: {
    about: 'its snapshot is taken, and nothing is staged',
    at: call(`^rename .*/snapshots/${ref}`),
    settles: 'old',
  },
  staging: {
    about: 'half of its new files are staged',
    at: call(`^write .*${journal}/(tree/|\\d)`),
    which: 'middle',
    settles: 'old',
  },
  commit: {
    about: 'the commit marker is there, and nothing is swapped',
    at: call(`^openat .*${journal}/commit$`),
    settles: 'new',
  },
  swapping: {
    about: 'half of its changes are carried out',
    at: call(`^(renameat2|rename|link) .*${journal}/\\d+`),
    which: 'middle',
    settles: 'new',
  },
  swapped: {
    about: 'every change is in effect, and nothing is on record',
    at: call(`^openat .*/evidence/${ref}`),
    when: 'before',
    settles: 'new',
  },
  evidence: {
    about: 'its evidence is there, and its record is not',
    at: call(`^rename .*/evidence/${ref}`),
    settles: 'new',
  },
  record: {
    about: 'its record is there, and its line in the ledger is not',
    at: call('^rename .*/record/helper'),
    settles: 'new',
  },
  recordRemoved: {
    about: 'the record is removed, and its line in the ledger is not there',
    at: call('^unlink .*/record/helper'),
    settles: 'new',
  },
  ledger: {
    about: 'it is in the ledger, and its journal is not put away',
    at: call('^write .*/ledger\\.jsonl$'),
    settles: 'new',
  },
  abort: {
    about: 'the abort marker is there, and nothing is taken back',
    at: call(`^openat .*${journal}/abort$`),
    settles: 'old',
  },
  takingBack: {
    about: 'half of what was carried out is taken back',
    at: call(`^(renameat2|rename|link) .*${journal}/\\d+`),
    after: call(`^openat .*${journal}/abort$`),
    which: 'middle',
    settles: 'old',
  },
  aborted: {
    about: 'everything is taken back and in the ledger, and the journal is not put away',
    at: call('^write .*/ledger\\.jsonl$'),
    settles: 'old',
  },
  liveNameMissing: {
    about: 'a file is taken out, and the new one does not have its name yet',
    at: call('^rename .* .*\\.witness$'),
    which: 'middle',
    settles: 'new',
  },
  bothNames: {
    about: 'the new file has its name, and the old one is a witness yet',
    at: call(`^rename .*\\.witness .*${journal}/\\d+$`),
    when: 'before',
    which: 'middle',
    settles: 'new',
  },
  blocked: {
    about: 'the commit marker is there, and then something stands where the instance was to be',
    at: call(`^openat .*${journal}/commit$`),
    settles: 'old',
  },
  treeMoved: {
    about: 'the new instance is in its place, and nothing is on record',
    at: call(`^rename .*${journal}/tree `),
    settles: 'new',
  },
};
const { probing, intentBegun, intentUnnamed, intent, snapshotBegun, snapshot } = points;
const { staging, commit, swapping, swapped, evidence, record, recordRemoved, ledger } = points;
const { abort, takingBack, aborted, liveNameMissing, bothNames, treeMoved, blocked } = points;

/**
 * Each point is a home, `<scenario>-<point>`. `meanwhile` is what the user does while the operation
 * runs, or after it was killed where nothing disturbs it; then it can only go back.
 */
export const scenarios = [
  {
    name: 'replace',
    about: 'A replacement with backup that also registers',
    before: [installOld, liveIn],
    command: () => [...replace, '--register'],
    points: {
      ...{ probing, intentBegun, intentUnnamed, intent, snapshotBegun, snapshot, staging, commit },
      ...{ swapping, swapped, evidence, record, ledger },
    },
  },
  {
    name: 'replace-turned-back',
    about: 'A replacement with backup that turns back, because a file was edited meanwhile',
    before: [installOld, liveIn],
    command: () => replace,
    disturbed,
    meanwhile: editMeanwhile,
    points: { abort, takingBack, aborted },
  },
  {
    name: 'replace-by-witness',
    about: 'A replacement with backup where names cannot be exchanged in one step',
    before: [installOld, liveIn],
    command: () => replace,
    disturbed: () => ({ NO_EXCHANGE: '1' }),
    points: { liveNameMissing, bothNames },
  },
  {
    name: 'merge',
    about: 'A merge',
    before: [installOld, liveIn],
    command: () => merge,
    status: conflicts,
    points: { swapping },
  },
  {
    name: 'first-install',
    about: 'The first install of a home',
    before: [],
    command: (place) => install('helper', '--from', place.source, '--release', 'v1.0.0'),
    points: { intentBegun, staging, commit, treeMoved, record, ledger },
  },
  {
    name: 'first-install-turned-back',
    about: 'The first install of a home, which cannot go on, because the user made its directory',
    before: [],
    command: (place) => install('helper', '--from', place.source, '--release', 'v1.0.0'),
    meanwhile({ instance }) {
      mkdirSync(instance, { recursive: true });
      writeFileSync(join(instance, 'mine.md'), 'In the way.\n');
    },
    points: { blocked },
  },
  {
    name: 'rollback',
    about: 'The rollback of a replacement',
    before: [installOld, liveIn, { name: 'replaced', command: () => replace }],
    command: () => ['identity-rollback', 'last'],
    points: { intent, staging, commit, swapping, evidence, record, ledger },
  },
  {
    name: 'rollback-of-first-install',
    about: 'The rollback of a first install',
    before: [
      {
        name: 'installed',
        command: (place) => install('helper', '--from', place.source, '--release', 'v1.0.0'),
      },
    ],
    command: () => ['identity-rollback', 'last'],
    points: { commit, swapping, recordRemoved, ledger },
  },
  {
    name: 'register',
    about: 'A registration',
    before: [installOld, liveIn],
    command: () => ['identity', 'register', 'helper'],
    points: { intent, commit, swapping, record, ledger },
  },
];
