import { sha256 } from '../../src/core/digest.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { readLedger } from '../../src/engine/trail/ledger.ts';
import { verify } from '../../src/inspection/verify/verify.ts';
import { lostFrom } from './home-state.ts';
import type { Figures } from './sweep.ts';
import { treeOf } from './tree.ts';

/** What somebody sees of a home, and what its books say. Equal views are equal states. */
export interface View {
  /** Everything outside of the state directory. */
  readonly tree: Readonly<Record<string, string>>;
  readonly installed: readonly object[];
  /** The operations that count as done, oldest first. */
  readonly operations: readonly string[];
  /** What verify, the ledger and the journal have to complain of: nothing, ever. */
  readonly problems: readonly string[];
}

/**
 * Looks at a home that was settled.
 *
 * @throws InstallError where the books cannot even be read
 */
export async function viewOf(context: OperationContext): Promise<View> {
  const { fs, layout } = context;
  // Before verify, which may publish a report.
  const tree = instancesOf(layout.home);
  if (fs.stat(layout.home) === undefined) {
    return { tree, installed: [], operations: [], problems: [] };
  }
  const { identities } = await verify(context, { ids: [] });
  const ledger = readLedger(fs, layout.ledger);
  const pending = fs.stat(layout.journal) === undefined ? [] : fs.list(layout.journal);
  return {
    tree,
    installed: identities.map(({ id, release, files }) => ({ id, tag: release.tag, ...files })),
    operations: ledger.entries
      .filter(({ outcome }) => outcome === 'done')
      .map(({ operation, identity_id: id }) => `${operation} ${id}`),
    problems: [
      ...identities.flatMap((identity) => identity.problems.map(({ message }) => message)),
      ...(ledger.torn ? ['the ledger ends in a torn line'] : []),
      ...pending.map((name) => `journal/${name} is not settled`),
    ],
  };
}

/** Without the empty directories on the way to the first instance: those belong to no state. */
function instancesOf(home: string): Record<string, string> {
  const all = Object.entries(treeOf(home, (path) => path.startsWith('.identity-install')));
  return Object.fromEntries(all.filter(([path]) => path !== '.' && path !== 'instances'));
}

/** The only two ends that an operation may come to, and what must be found after either. */
export interface Ends {
  readonly before: View;
  readonly after: View;
  /** What the user or the agent wrote, ever. */
  readonly contents: readonly string[];
}

export interface Verdict {
  readonly end: 'old' | 'new' | 'mixed';
  readonly lost: number;
  /** Why the end is mixed, or what was lost; for the message of the test. */
  readonly why: string;
}

/** Judges a home that was settled. A state that cannot be read is mixed. */
export async function judge(
  context: OperationContext,
  { before, after, contents }: Ends,
): Promise<Verdict> {
  try {
    const view = await viewOf(context);
    const digests = new Set(contents.map((content) => sha256(Buffer.from(content))));
    const lost = await lostFrom(context.layout.home, digests);
    const same = (other: View) => JSON.stringify(view) === JSON.stringify(other);
    const end = same(before) ? 'old' : same(after) ? 'new' : 'mixed';
    const why = [
      ...(end === 'mixed' ? [differences(view, before, after)] : []),
      ...lost.map((digest) => `lost: ${digest}`),
    ];
    return { end, lost: lost.length, why: why.join('; ') };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { end: 'mixed', lost: 0, why };
  }
}

function differences(view: View, before: View, after: View): string {
  const odd = Object.entries(view.tree)
    .filter(([path, line]) => before.tree[path] !== line && after.tree[path] !== line)
    .map(([path, line]) => `${path}: ${line}`);
  const { installed, operations, problems } = view;
  const missing = Object.keys(before.tree).filter((path) => view.tree[path] === undefined);
  return JSON.stringify({ odd, missing, installed, operations, problems });
}

/** Adds up what the points of a sweep came to. */
export function createTally() {
  const sum = { points: 0, old: 0, new: 0, recovered: 0, mixed: 0, lost: 0 };
  const failures: string[] = [];
  return {
    figures: sum as Figures,
    /** One line for each point that came to no good end. */
    failures: failures as readonly string[],
    add(point: string, verdict: Verdict, recovered: boolean): void {
      sum.points += 1;
      sum[verdict.end] += 1;
      sum.lost += verdict.lost;
      if (recovered) sum.recovered += 1;
      if (verdict.end === 'mixed' || verdict.lost > 0) failures.push(`${point}: ${verdict.why}`);
    },
  };
}
