import { join, relative, sep } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { attempt } from './attempt.ts';
import { createDiscoveryCache, type DiscoveryCache, type Kept } from './discovery-cache.ts';
import type {
  ActivationPolicy,
  ListedIdentity,
  Listing,
  ListingError,
  ListRequest,
  ListResult,
} from './listing.ts';
import { noteLooks, type Looks } from './noted-looks.ts';
import { isBelow } from './pack-place.ts';
import { pinPath, standingOf } from './pin.ts';
import { readRoot, type FoundIdentity, type RootReading } from './read-root.ts';
import { absolute, rootsOf, type Root } from './roots.ts';

/** What discovery needs; created once for a process by `createDiscoveryContext`. */
export interface DiscoveryContext {
  readonly fs: ReadFileSystem;
  /** That of the process: relative paths are resolved against it. */
  readonly workingDirectory: string;
  /** Whether repositories above a working directory are roots, too. */
  readonly parentRoots: boolean;
  /** Searched after the extra roots of every request, if they exist: the identity home. */
  readonly furtherRoots: readonly string[];
  /** User id of the caller; undefined where the platform has none. */
  readonly uid: number | undefined;
  readonly cache: DiscoveryCache<RootReading>;
}

export function createDiscoveryContext({
  clock,
  ...given
}: Omit<DiscoveryContext, 'cache'> & { readonly clock: Clock }): DiscoveryContext {
  return { ...given, cache: createDiscoveryCache(given.fs, clock) };
}

/** What one working directory finds, with details that `identity/list` does not return. */
export interface Discovery {
  readonly listing: Listing;
  readonly identities: readonly DiscoveredIdentity[];
  /** Everything that was read: as long as that is unchanged, the listing is, too. */
  readonly looks: readonly Looks[];
}

export interface DiscoveredIdentity extends ListedIdentity {
  readonly tags: readonly string[];
  /** The pack's directory, absolute, links resolved. */
  readonly directory: string;
}

/**
 * The method `identity/list` (docs/protocol.md#discovery). Reads only, and never fails because of
 * what it finds: problems are in the `errors` of each listing.
 */
export function listIdentities(request: ListRequest, context: DiscoveryContext): ListResult {
  return { data: discoverIdentities(request, context).map(({ listing }) => listing) };
}

/**
 * The same for callers that continue to work with the identities: one for each `cwd`, in the order
 * given.
 */
export function discoverIdentities(request: ListRequest, context: DiscoveryContext): Discovery[] {
  const { workingDirectory } = context;
  const cwds = request.cwds.length === 0 ? [workingDirectory] : request.cwds;
  const extraRoots = (request.extraRoots ?? []).map((root) => absolute(workingDirectory, root));
  const reload = request.forceReload ?? false;
  // Within one request a root is read once, however many working directories share it.
  const readings = new Map<string, Kept<RootReading>>();
  const read = (root: string): Kept<RootReading> => {
    const reading =
      readings.get(root) ?? context.cache.get(root, (fs) => readRoot(fs, root), { reload });
    readings.set(root, reading);
    return reading;
  };
  return cwds.map((cwd) => discover(absolute(workingDirectory, cwd), extraRoots, read, context));
}

function discover(
  cwd: string,
  extraRoots: readonly string[],
  read: (root: string) => Kept<RootReading>,
  context: DiscoveryContext,
): Discovery {
  const { fs, looks } = noteLooks(context.fs);
  const errors: ListingError[] = [];
  const report = (error: ListingError): unknown => errors.push(error);
  const roots = rootsOf(fs, { ...context, cwd, extraRoots }, report).map((root) => {
    const { value, looks } = read(root.path);
    return { root, reading: value, looks };
  });
  for (const { root, reading } of roots) {
    for (const error of reading.errors) report(error);
    if (root.requested && !reading.holdsAnything && reading.errors.length === 0) {
      const message = `${root.path} holds neither a catalog nor a pack.`;
      report({ code: 'CATALOG_NOT_FOUND', path: root.path, message, severity: 'warn' });
    }
  }
  const winners = resolveConflicts(roots, pinnedRoot(fs, roots, report), report);
  const base = realCwd(fs, cwd);
  const defaultIdentity = chooseDefault(roots, winners, report);
  const found = winners.map((winner) => ({ winner, listed: listed(winner, base) }));
  return {
    looks: [looks, ...roots.map((root) => root.looks)],
    listing: { cwd, defaultIdentity, identities: found.map(({ listed }) => listed), errors },
    identities: found.map(({ winner: { tags, directory }, listed }) => ({
      ...listed,
      tags,
      directory,
    })),
  };
}

interface ReadRoot {
  readonly root: Root;
  readonly reading: RootReading;
}

/** The root that the project's pin names; the nearest pin wins. */
function pinnedRoot(
  fs: ReadFileSystem,
  roots: readonly ReadRoot[],
  report: (error: ListingError) => void,
): Root | undefined {
  const [pinning] = roots.flatMap(({ root, reading: { pin } }) =>
    root.ofProject && pin !== undefined ? [{ root, pin }] : [],
  );
  if (pinning === undefined) return undefined;
  const elsewhere: Root[] = [];
  for (const { root } of roots) {
    const standing = standingOf(fs, root.path, pinning.pin);
    if (standing === 'pinned') return root;
    // A repository may pin an earlier state of itself.
    if (standing === 'other-commit' && root !== pinning.root) elsewhere.push(root);
  }
  const path = join(pinning.root.path, pinPath);
  for (const root of elsewhere) {
    const message = `${root.path} is what ${path} names, but is not at commit ${pinning.pin.commit}; the nearest root is used.`;
    report({ code: 'PIN_UNMET', path, message, severity: 'warn' });
  }
  return undefined;
}

/** Each id once: from the pinned root if that has it, otherwise from the nearest. */
function resolveConflicts(
  roots: readonly ReadRoot[],
  pinned: Root | undefined,
  report: (error: ListingError) => void,
): FoundIdentity[] {
  const winners = new Map<string, FoundIdentity>();
  const inOrder = [
    ...roots.filter(({ root }) => root === pinned),
    ...roots.filter(({ root }) => root !== pinned),
  ];
  for (const { reading } of inOrder) {
    for (const found of reading.identities) {
      const winner = winners.get(found.id);
      if (winner === undefined) winners.set(found.id, found);
      // The same directory in two catalogs is not a conflict.
      else if (winner.directory !== found.directory) report(shadowed(found, winner, pinned));
    }
  }
  return roots.flatMap(({ reading }) =>
    reading.identities.filter((found) => winners.get(found.id) === found),
  );
}

function shadowed(
  loser: FoundIdentity,
  winner: FoundIdentity,
  pinned: Root | undefined,
): ListingError {
  const why = pinned !== undefined && isBelow(winner.directory, pinned.path) ? 'pinned' : 'nearer';
  const message = `"${loser.id}" in ${loser.directory} is overridden by the one in ${winner.directory}, which is ${why}.`;
  return { code: 'IDENTITY_SHADOWED', path: loser.directory, message, severity: 'warn' };
}

/** The default of the nearest root that has one; a default that is missing has no substitute. */
function chooseDefault(
  roots: readonly ReadRoot[],
  winners: readonly FoundIdentity[],
  report: (error: ListingError) => void,
): string | null {
  const declaring = roots.find(({ reading }) => reading.defaultIdentity !== undefined);
  const id = declaring?.reading.defaultIdentity;
  if (declaring === undefined || id === undefined) return null;
  if (winners.some((found) => found.id === id)) return id;
  const message = `The default identity "${id}" is not available.`;
  const { path } = declaring.root;
  report({ code: 'DEFAULT_IDENTITY_UNAVAILABLE', path, message, severity: 'error' });
  return null;
}

const defaultPolicy: ActivationPolicy = {
  allowImplicitActivation: true,
  activationPriority: 50,
  conflictResolution: 'priority_then_objective',
};

function listed({ id, facts, directory }: FoundIdentity, cwd: string): ListedIdentity {
  return {
    id,
    title: facts.title === '' ? id : facts.title,
    description: facts.description,
    status: facts.status,
    packPath: shownPath(directory, cwd),
    enabled: facts.status === 'active',
    policy: { ...defaultPolicy, ...facts.policy },
    dependencies: { tools: facts.dependencies?.tools ?? [] },
    interface: facts.interface ?? {},
  };
}

function shownPath(directory: string, cwd: string): string {
  if (!isBelow(directory, cwd) || directory === cwd) return directory;
  return relative(cwd, directory).split(sep).join('/');
}

function realCwd(fs: ReadFileSystem, cwd: string): string {
  return (
    attempt(
      () => undefined,
      'ROOT_UNREADABLE',
      cwd,
      () => fs.realPath(cwd),
    ) ?? cwd
  );
}
