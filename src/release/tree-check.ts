/**
 * Whether the entries of a pack are safe to install anywhere. Pure
 * (docs/hostile-input.md#tree-entries).
 */
import type { ErrorCode } from '../core/error-codes.ts';
import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { comparePaths, type PackPath } from '../core/path.ts';
import { printable } from '../core/printable.ts';
import { steps, type RemedyLike } from '../core/remedy.ts';
import type { ReleaseContext } from './context.ts';
import { excess, limitRemedy, limitsOf, type PackLimits } from './limits.ts';
import type { RawEntry, TreeListing } from './tree.ts';
import { foldedPath, nameProblems } from './tree-names.ts';

export interface CheckedEntry {
  readonly path: PackPath;
  readonly executable: boolean;
  readonly oid: string;
}

/** Which error a finding leads to, worst first. */
const errorOf = {
  PATH: 'E_PACK_PATH',
  ENTRY: 'E_PACK_ENTRY',
  COLLISION: 'E_PACK_COLLISION',
  LFS: 'E_PACK_LFS',
  LIMIT: 'E_PACK_LIMIT',
  DOCUMENT: 'E_DOCUMENT_INVALID',
  ID: 'E_PACK_ID_MISMATCH',
  HIDDEN: 'E_PACK_HIDDEN_TEXT',
} as const satisfies Record<string, ErrorCode>;

/** `PATH_GIT`: the part before the underscore determines the error. */
export type PackProblem = Finding & { readonly code: `${keyof typeof errorOf}_${string}` };

type ProblemCode = PackProblem['code'];

/**
 * The regular files among the entries, sorted by path, and everything that is wrong with the
 * others. Names of listed directories are checked once, at the directory's own entry.
 */
export function checkTree(
  { entries: raw, found }: TreeListing,
  limits: PackLimits,
): { readonly entries: CheckedEntry[]; readonly problems: PackProblem[] } {
  const problems: PackProblem[] = [];
  const entries: CheckedEntry[] = [];
  const folded = new Map<string, string>();
  const directories = new Map<string, Set<string>>();
  if (found > limits.entries) {
    problems.push(problem('LIMIT_ENTRIES', '', excess('entries', found, limits)));
  }
  for (const entry of raw) {
    const path = entry.parts.map(decoded).join('/');
    const kind = kindOf(entry.mode);
    const report = (code: ProblemCode, message: string): unknown =>
      problems.push(problem(code, path, message));

    checkName(entry, limits, report);
    const fold = foldedPath(path);
    const other = folded.get(fold);
    if (other === undefined) folded.set(fold, path);
    else if (other === path) report('COLLISION_DUPLICATE', 'the same path twice');
    else report('COLLISION_FOLDED', `the same file as ${printable(other)} on some file systems`);

    if (typeof kind !== 'string') report(kind.code, kind.message);
    else if (kind !== 'directory') {
      entries.push({ path, executable: kind === 'executable', oid: entry.oid });
    }
    rememberName(directories, entry, typeof kind === 'string' ? kind : 'file');
  }
  for (const [path, names] of directories) {
    if (['head', 'objects/', 'refs/'].every((name) => names.has(name))) {
      problems.push(problem('ENTRY_REPOSITORY', path, 'a git repository inside the pack'));
    }
  }
  return { entries: entries.sort((a, b) => comparePaths(a.path, b.path)), problems };
}

/**
 * @param where a directory of the release, whichever packs are in it @throws E_PACK_LIMIT for a
 *   listing that stopped at the limit on entries
 */
export function refuseOverflow(
  context: Pick<ReleaseContext, 'limits'>,
  { found }: TreeListing,
  where: string,
): void {
  const limits = limitsOf(context);
  if (found <= limits.entries) return;
  const overflow = problem('LIMIT_ENTRIES', '', excess('entries', found, limits));
  refuse([overflow], { subject: `The release has too much below ${printable(where)}`, where });
}

/** How many findings of one pack an error lists; the rest is counted. */
const listedFindings = 500;

/**
 * @param where the pack's directory in the release, or the source that is one pack @param warnings
 *   further findings about the pack
 * @throws the error of the worst problem, with all of them and the warnings in `details.findings`
 */
export function refuseProblems(
  problems: readonly PackProblem[],
  where: string,
  warnings: readonly Finding[] = [],
): void {
  refuse(problems, { subject: `The pack at ${printable(where)} is refused`, where, warnings });
}

interface Refused {
  /** The sentence so far, without its reason. */
  readonly subject: string;
  readonly where: string;
  readonly warnings?: readonly Finding[];
}

function refuse(
  problems: readonly PackProblem[],
  { subject, where, warnings = [] }: Refused,
): void {
  const codes = problems.map(({ code }) => code.split('_', 1)[0]);
  const worst = Object.entries(errorOf).find(([kind]) => codes.includes(kind));
  if (worst === undefined) return;
  const [kind, code] = worst;
  const sorted = problems.toSorted((a, b) => comparePaths(a.path ?? '', b.path ?? ''));
  const first = sorted.find((item) => item.code.startsWith(`${kind}_`));
  const more = problems.length > 1 ? ` (${problems.length - 1} more)` : '';
  throw new InstallError(code, `${subject}: ${first?.message ?? ''}${more}.`, {
    remedy: remedyFor(code, problems),
    details: {
      packPath: where,
      findings: [...sorted, ...warnings].slice(0, listedFindings),
      findingsInAll: sorted.length + warnings.length,
    },
  });
}

function remedyFor(code: ErrorCode, problems: readonly PackProblem[]): RemedyLike {
  switch (code) {
    case 'E_PACK_LFS':
      return 'The file itself is not in the release. Ask its maintainers to publish it without git-LFS.';
    case 'E_PACK_LIMIT':
      return limitRemedy(problems.map((each) => each.code));
    case 'E_PACK_HIDDEN_TEXT':
      return steps(
        { kind: 'option', option: 'verbose', to: 'see every place' },
        { kind: 'without', option: 'strict', to: 'get warnings instead' },
      );
    default:
      return 'Nothing was changed. Report this to the maintainers of the pack, or choose another release.';
  }
}

export function problem(code: ProblemCode, path: string, message: string): PackProblem {
  const at = path === '' ? '' : `${printable(path)}: `;
  return { code, severity: 'error', path, message: at + message };
}

function checkName(
  { parts }: RawEntry,
  limits: PackLimits,
  report: (code: ProblemCode, message: string) => unknown,
): void {
  const bytes = parts.at(-1) ?? Buffer.alloc(0);
  const name = decoded(bytes);
  if (!Buffer.from(name).equals(bytes)) report('PATH_ENCODING', 'a name that is not UTF-8');
  for (const { code, message } of nameProblems(name)) report(code, message);
  if (bytes.length > limits.nameBytes) {
    report('LIMIT_NAME', excess('nameBytes', bytes.length, limits));
  }
  if (parts.length > limits.depth) report('LIMIT_DEPTH', excess('depth', parts.length, limits));
  const length = parts.reduce((sum, part) => sum + part.length + 1, -1);
  if (length > limits.pathBytes) report('LIMIT_PATH', excess('pathBytes', length, limits));
}

function kindOf(
  mode: number,
): 'file' | 'executable' | 'directory' | { readonly code: ProblemCode; readonly message: string } {
  switch (mode) {
    case 0o100644:
      return 'file';
    case 0o100755:
      return 'executable';
    case 0o040000:
      return 'directory';
    case 0o120000:
      return { code: 'ENTRY_LINK', message: 'a symbolic link' };
    case 0o160000:
      return { code: 'ENTRY_SUBMODULE', message: 'a submodule' };
    default:
      return {
        code: 'ENTRY_MODE',
        message: `mode ${mode.toString(8)}, which is not allowed in a release`,
      };
  }
}

/** Names by directory, folded, directories with a slash: to detect a bare repository. */
function rememberName(
  directories: Map<string, Set<string>>,
  { parts }: RawEntry,
  kind: string,
): void {
  const parent = parts.slice(0, -1).map(decoded).join('/');
  const name = decoded(parts.at(-1) ?? Buffer.alloc(0)).toLowerCase();
  const names = directories.get(parent) ?? new Set();
  names.add(kind === 'directory' ? `${name}/` : name);
  directories.set(parent, names);
}

function decoded(bytes: Buffer): string {
  return bytes.toString('utf8');
}
