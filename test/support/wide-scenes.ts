import { InstallError } from '../../src/core/errors.ts';
import { problem } from '../../src/inspection/verify/problem.ts';
import { activate } from '../../src/protocol/discovery/activate.ts';
import {
  discoverIdentities,
  type Discovery,
} from '../../src/protocol/discovery/list-identities.ts';
import { registry } from '../../src/cli/commands/registry.ts';
import { renderCompile } from '../../src/cli/render/compile-text.ts';
import { renderCreate } from '../../src/cli/render/create-text.ts';
import { renderRegister } from '../../src/cli/render/register-text.ts';
import { renderChoices } from '../../src/cli/render/choices-text.ts';
import type { RenderContext } from '../../src/cli/render/context.ts';
import { renderList, renderMatch, renderShow } from '../../src/cli/render/discovery-text.ts';
import { renderError } from '../../src/cli/render/error-text.ts';
import { renderFindings } from '../../src/cli/render/findings.ts';
import { renderHelp } from '../../src/cli/render/help-text.ts';
import { renderHistoryDetails } from '../../src/cli/render/history-details.ts';
import { renderHistory } from '../../src/cli/render/history-text.ts';
import { renderInstall } from '../../src/cli/render/install-text.ts';
import { renderListDetails } from '../../src/cli/render/list-details.ts';
import { renderOverview } from '../../src/cli/render/overview-text.ts';
import { renderRecover } from '../../src/cli/render/recover-text.ts';
import { renderRollback } from '../../src/cli/render/rollback-text.ts';
import { renderSelfTest } from '../../src/cli/render/self-test-text.ts';
import { renderValidate } from '../../src/cli/render/validate-text.ts';
import { renderVerifyHome } from '../../src/cli/render/verify-home-text.ts';
import { renderVerify } from '../../src/cli/render/verify-text.ts';
import type { OperationWarning } from '../../src/engine/operation-warning.ts';
import type { FileAction, Plan } from '../../src/planning/plan.ts';
import type { RollbackAction } from '../../src/operations/rollback/plan.ts';
import type { RollbackOutcome } from '../../src/operations/rollback/outcome.ts';
import { catalogYaml, discoveryContext, entryYaml } from './discovery.ts';
import {
  add,
  asked,
  keep,
  operation,
  overwrite,
  plan,
  ref,
  release,
  remove,
  run,
} from './install-samples.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { finding, validation } from './validate-samples.ts';
import { homeVerification, verification } from './verify-samples.ts';

/** What a rendering makes of results that are wider than any terminal. */
export type Scene = (context: RenderContext) => string;

const longId = 'a-very-long-identity-id-that-goes-on-until-it-has-64-characters0';
export const longPath = `runtime/reports/${'a-directory-with-a-name/'.repeat(5)}the-report-of-it.json`;
export const chinesePath =
  '运行/报告/商品审核与增长策略/每周/店铺经理的工作总结报告与下周计划-最终版.md';
const emojiTitle = 'Family 👨‍👩‍👧‍👦 of ❤️ and e\u0301 marks, ｆｕｌｌ　ｗｉｄｔｈ and 한국어 제목까지';
const chineseTitle = '微信小店店铺经理：负责商品上架、审核修复与合规增长的自主运营身份（测试版）';
const words = `It says that ${'something went on for long, '.repeat(6)}and then it ended. `;
const chineseWords =
  '这个文件在安装之后被修改过，所以保持原样；请先检查内容，再决定是否替换。'.repeat(2);
const home = `/home/李雷/${'projects/'.repeat(9)}identity`;

export const undo = `identity-rollback ${ref} --home '${home}'`;

const warnings: readonly OperationWarning[] = [
  { code: 'LATE_BYTES', path: longPath, message: words },
  { code: 'LATE_BYTES', path: '', message: chineseWords },
];
const recovered = (['completed', 'undone', 'discarded'] as const).map((outcome) => ({
  ref,
  id: longId,
  outcome,
  warnings,
}));

const pending = [{ code: 'E_JOURNAL_PENDING', ref, id: longId, phase: 'intent' }] as const;

const tebibytes = 1023.9 * 1024 ** 4;
const actions: readonly FileAction[] = [
  add('a.md', 0),
  add(longPath, tebibytes),
  add(chinesePath, 5_000_000),
  overwrite('update', longPath, 1023),
  overwrite('replace', longPath, tebibytes),
  remove(chinesePath),
  ...(
    ['modified-locally', 'deleted-locally', 'upgrade-available', 'removed-upstream'] as const
  ).map((reason) => keep(longPath, reason)),
  keep('a.md', 'state'),
  keep(chinesePath, 'no-base'),
  keep(longPath, 'local-only', { incoming: { kind: 'absent' } }),
  keep(longPath, 'unchanged'),
  ...(['both-changed', 'deleted-here', 'other-kind', 'blocked-parent'] as const).flatMap(
    (conflict) =>
      [longPath, chinesePath, 'a.md'].map((path) => keep(path, 'conflict', { conflict })),
  ),
];
const longRelease = {
  ...release('1.1.0'),
  url: `https://git.example.org/${'group/'.repeat(20)}identities.git`,
  tag: 'v1.1.0-a.rather.long.prerelease.of.this.release',
};

function installs(line: string, more: Partial<Plan> = {}, isPlan = false): Scene {
  return (context) => {
    const { request, options } = asked(line);
    const planned = plan(actions, {
      id: longId,
      home,
      instance: `${home}/instances/${longId}`,
      release: longRelease,
      catalog: [
        { kind: 'register', before: null, after: 'a' },
        { kind: 'activate', before: 'a', after: 'b' },
      ],
      findings: [finding({ path: longPath, message: chineseWords }), finding({ message: words })],
      ...more,
    });
    const done = run({
      plan: planned,
      ...(isPlan
        ? { outcome: 'planned', diffs: [{ path: chinesePath, text: null }] }
        : { operation: doneOperation }),
    });
    return renderInstall({ ...done, recovered }, request, { ...context, options });
  };
}

const doneOperation = operation({
  undo,
  warnings,
  evidence: `${home}/.identity-install/evidence/${ref}.json`,
  snapshot: { path: `${home}/.identity-install/snapshots/${ref}.tar.gz`, sha256: 'f'.repeat(64) },
  displaced: `${home}/.identity-install/displaced/${ref}`,
  reports: [longPath, `${chinesePath}/install.json`],
});

function rollbacks(outcome: RollbackOutcome['outcome'], line = ''): Scene {
  const action = (kind: RollbackAction['kind'], path: string, more: Partial<RollbackAction> = {}) =>
    ({ root: 'instance', path, kind, edited: true, size: tebibytes, ...more }) as const;
  const rolledBack: RollbackOutcome = {
    id: longId,
    undoes: ref,
    revives: outcome === 'done' ? ref : null,
    outcome,
    operation: outcome === 'done' ? doneOperation : null,
    plan: {
      schema: 'identity-install/rollback-plan@1',
      id: longId,
      home,
      instance: `${home}/instances/${longId}`,
      undoes: ref,
      actions: [
        action('restore', longPath),
        action('restore', chinesePath, { root: 'home', reason: 'deleted-since' }),
        action('remove', longPath),
        ...(['edited-since', 'deleted-since', 'in-the-way', 'already-so'] as const).map((reason) =>
          action('keep', chinesePath, { reason }),
        ),
      ],
      digest: 'd'.repeat(64),
    },
  };
  const whole = { home, runId: ref, notPlanned: [ref, ref], recovered, operations: [rolledBack] };
  const request = { ref: 'last', through: true, paths: [longPath] };
  return (context) => renderRollback(whole, request, { ...context, options: asked(line).options });
}

const files = {
  intact: 1_000_000,
  modified: [longPath, chinesePath, 'a.md'],
  missing: [longPath, chinesePath],
  localOnly: [longPath],
};
const ledger = {
  head: 'f'.repeat(64),
  operations: 1_000_000,
  expected: { head: 'e'.repeat(64), addedSince: 12 },
};
const problems = [
  problem('EVIDENCE_MISSING', { path: longPath, ref }, words),
  problem('LATE_BYTES', { path: chinesePath, ref }, chineseWords),
];

function verifies(line: string, isEmpty = false): Scene {
  const identity = { id: longId, release: longRelease, files, problems, report: longPath };
  const registered = [
    { id: longId, pack: `${home}/${longPath}`, repository: null },
    { id: 'ab', pack: chinesePath, repository: home },
  ];
  const verified = verification({
    home,
    ledger,
    pending,
    registered,
    readOnly: true,
    identities: isEmpty ? [] : [{ ...identity, problems: [] }, identity],
  });
  return (context) => renderVerify(verified, { ...context, options: asked(line).options });
}

const verifiesHome: Scene = (context) =>
  renderVerifyHome(
    homeVerification({
      home,
      ledger,
      problems,
      locked: false,
      reason: 'E_HOME_READ_ONLY',
      identities: [
        { id: longId, release: longRelease, files },
        { id: 'ab', release: null, files: null },
        { id: longId, release: longRelease, files: null },
      ],
      trust: { operations: 2, until: '2026-11-20T23:59:59.000Z', notUndoable: [ref, ref, ref] },
    }),
    context,
  );

const oldest = {
  ref,
  runId: 'r1',
  id: 'code-reviewer',
  operation: 'install' as const,
  outcome: 'done' as const,
  at: '2026-11-20T22:10:00.000Z',
  summary: 'v1.0.0 -> v1.1.0 (merge)',
  undoneBy: ref,
  undo: null,
};

const history: Scene = (context) => {
  const one = oldest;
  const operations = [
    one,
    { ...one, id: longId, outcome: 'aborted' as const, summary: chineseTitle },
    { ...one, operation: 'rollback' as const, undoneBy: null, summary: `undid ${ref}` },
  ];
  return renderHistory({ home, head: 'f'.repeat(64), operations, pending }, context);
};

/** Found once: the directory has another name every time, and is gone after the test. */
let found: Discovery | undefined;

function discovered(): Discovery {
  if (found !== undefined) return found;
  const entries = [
    entryYaml(longId, { title: chineseTitle, description: chineseWords }),
    entryYaml('ab', {
      title: emojiTitle,
      description: words,
      tags: ['运营', '审核', 'store', 'audit', 'growth', longId],
      interface: {
        display_name: emojiTitle,
        short_description: chineseWords,
        default_prompt: words,
      },
      dependencies: {
        tools: [
          { type: 'mcp', value: 'chrome-devtools', description: words },
          { type: 'network', value: 'official-doc-sites', description: chineseWords },
        ],
      },
    }),
    entryYaml('cd', { pack_path: longPath }),
  ];
  const cwd = temporaryDirectory({
    'identity/catalog/identities.yaml': catalogYaml(entries, longId),
    ...Object.fromEntries(
      [longId, 'ab'].map((id) => [`identity/packs/${id}/IDENTITY_PROMPT.md`, `# ${id}\n`]),
    ),
  });
  [found] = discoverIdentities({ cwds: [cwd], extraRoots: [] }, discoveryContext());
  if (found === undefined) throw new Error('nothing was discovered');
  return found;
}

const lists: Scene = (context) => renderList({ data: [discovered().listing] }, context);

const shows: Scene = (context) =>
  discovered()
    .identities.map((identity) => renderShow({ isDefault: true, identity }, context))
    .join('');

const matches: Scene = (context) => {
  const { listing, identities } = discovered();
  const { match, ...activated } = activate(listing, identities, {
    objective: '商品审核 store audit',
  });
  const { errors } = listing;
  return renderMatch({ ...match, activated, errors }, context);
};

const validated = validation(
  [
    finding({ path: longPath, message: words }),
    finding({ path: chinesePath, message: chineseWords, severity: 'warn' }),
  ],
  [finding({ contract: 'catalog', message: chineseWords })],
);

const errors: Scene = ({ style, layout }) =>
  [false, true]
    .flatMap((verbose) =>
      [words, chineseWords, `"${home}/${longPath}" is a directory.\n${words}`].map((message) =>
        renderError(
          new InstallError('E_TAG_MOVED', message, {
            remedy: `${chineseWords}\nAsk the publisher, or run "identity list" to see ${words}`,
            // A stack is printed as it is.
            ...(verbose && { cause: 'the cause' }),
          }),
          { style, verbose, layout, wording: { launcher: (program) => program } },
        ),
      ),
    )
    .join('');

const commands = await Promise.all(registry.map(async ({ load }) => await load()));

const created = {
  root: home,
  id: longId,
  pack: `identity/packs/${longId}`,
  files: [{ path: longPath, action: 'created' as const }],
};
const registered = {
  home,
  id: longId,
  catalog: `${home}/catalog.local.yaml`,
  packPath: longPath,
  outcome: 'done' as const,
  operation: doneOperation,
  recovered,
};

/** Every rendering for people, by name, and scenes that it is tried with. */
export const wideScenes: Readonly<Record<string, readonly Scene[]>> = {
  renderChoices: [
    ({ layout }) =>
      renderChoices(
        [
          { id: longId, title: chineseTitle, description: '' },
          { id: 'ab', title: emojiTitle, description: '' },
        ],
        layout,
      ),
  ],
  renderCompile: [
    // A brief is a document and printed as it is; only the line about its file is laid out.
    (context) => renderCompile({ id: longId, text: words, output: `${home}/${longPath}` }, context),
  ],
  renderCreate: [
    (context) => renderCreate(created, context),
    (context) => renderCreate(created, { ...context, options: asked('--verbose').options }),
  ],
  renderError: [errors],
  renderFindings: [(context) => renderFindings(validated, undefined, context)],
  renderHelp: commands.map((command) => (context) => renderHelp(command, context.layout)),
  renderHistory: [
    history,
    (context) => renderHistory({ home, head: null, operations: [], pending: [] }, context),
  ],
  renderHistoryDetails: [
    (context) =>
      renderHistoryDetails({ home, head: null, operations: [oldest], pending: [] }, context),
  ],
  renderInstall: [
    installs(''),
    installs('--merge'),
    installs('--merge --verbose'),
    installs('--replace --backup'),
    installs('--quiet'),
    installs('--merge --plan --diff', {}, true),
    installs('--check', { mode: 'merge' }, true),
    installs('', { actions: [keep(longPath, 'unchanged')], catalog: [] }, true),
    installs('', { actions: [keep(longPath, 'modified-locally')], catalog: [] }, true),
  ],
  renderList: [lists],
  renderListDetails: [(context) => renderListDetails(discovered().identities, context)],
  renderMatch: [matches],
  renderOverview: [({ layout }) => renderOverview(registry, layout)],
  renderRecover: [
    (context) => renderRecover(recovered, context),
    (context) => renderRecover([], context),
  ],
  renderRegister: [
    (context) => renderRegister(registered, true, context),
    (context) => renderRegister({ ...registered, operation: null }, false, context),
  ],
  renderRollback: [
    rollbacks('done'),
    rollbacks('done', '--verbose'),
    rollbacks('planned'),
    rollbacks('nothing-to-do'),
    rollbacks('done', '--quiet'),
  ],
  renderSelfTest: [
    (context) =>
      renderSelfTest(
        {
          results: [
            { contract: 'collaboration-boundary', sample: chineseTitle, problems: [words] },
            { contract: 'routing', sample: 'no routes', problems: [] },
          ],
        },
        context,
      ),
  ],
  renderShow: [shows],
  renderValidate: [(context) => renderValidate(validated, context)],
  renderVerify: [verifies(''), verifies('--verbose'), verifies('', true), verifies('--quiet')],
  renderVerifyHome: [verifiesHome],
};

/** Renderings for programs: lines in them are what a format says they are. */
export const formats: readonly string[] = [
  'renderGithub',
  'renderJson',
  'renderJsonError',
  'renderSarif',
];
