import { steps, type Remedy, type RemedyOption } from '../core/remedy.ts';

/** How large a pack may be. The defaults are far above real packs; README.md has the table. */
export interface PackLimits {
  /** Files and directories. */
  readonly entries: number;
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all files. */
  readonly totalBytes: number;
  /** Components of a path inside the pack. */
  readonly depth: number;
  /** UTF-8 bytes of one component. */
  readonly nameBytes: number;
  /** UTF-8 bytes of a path inside the pack, which every system can open. */
  readonly pathBytes: number;
}

export const defaultLimits: PackLimits = {
  entries: 50_000,
  fileBytes: 64 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  depth: 32,
  nameBytes: 255,
  pathBytes: 1024,
};

export function limitsOf({
  limits,
}: {
  readonly limits?: Partial<PackLimits> | undefined;
}): PackLimits {
  return { ...defaultLimits, ...limits };
}

/**
 * Bytes that one fetch may transfer: a release holds more than one pack, but never that much more.
 */
export function fetchLimit({ totalBytes }: PackLimits): number {
  return Math.max(4 * totalBytes, 64 * 1024 * 1024);
}

const phrases: Readonly<Record<keyof PackLimits, (found: number) => string>> = {
  entries: (found) => `at least ${found} files and directories`,
  fileBytes: (found) => `a file of ${found} bytes`,
  totalBytes: (found) => `at least ${found} bytes in all`,
  depth: (found) => `${found} levels of directories`,
  nameBytes: (found) => `a name of ${found} bytes`,
  pathBytes: (found) => `a path of ${found} bytes`,
};

/** What was found, and the limit that it exceeds. */
export function excess(name: keyof PackLimits, found: number, limits: PackLimits): string {
  return `${phrases[name](found)}, over the limit of ${limits[name]}`;
}

/** The option that raises the limit of a problem; that of paths cannot be raised. */
const raisedBy: ReadonlyMap<string, RemedyOption> = new Map([
  ['LIMIT_ENTRIES', 'maxEntries'],
  ['LIMIT_FILE', 'maxFileBytes'],
  ['LIMIT_TOTAL', 'maxTotalBytes'],
  ['LIMIT_DEPTH', 'maxDepth'],
  ['LIMIT_NAME', 'maxNameBytes'],
]);

/** @param problems the codes of all problems of a pack that is too large */
export function limitRemedy(problems: readonly string[]): Remedy {
  const options = new Set(problems.flatMap((code) => raisedBy.get(code) ?? []));
  return steps(
    'Check that this is the pack you meant.',
    ...[...options].map((option): Remedy => ({
      kind: 'option',
      option,
      to: 'raise the limit, if you trust it',
    })),
  );
}
