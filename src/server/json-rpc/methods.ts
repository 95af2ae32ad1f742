import {
  discoverIdentities,
  type Discovery,
  type DiscoveryContext,
} from '../../protocol/discovery/list-identities.ts';
import type { ListRequest } from '../../protocol/discovery/listing.ts';
import {
  listPackFiles,
  packReadLimits,
  readPackFile,
  textOf,
} from '../../protocol/discovery/read-pack.ts';
import { invalidParams, rpcCodes, type Outcome } from './message.ts';

export interface MethodContext {
  readonly discovery: DiscoveryContext;
  /** Searched after the extra roots of every request: `--root`. */
  readonly roots: readonly string[];
  readonly version: string;
  /** Called with every listing, so that its changes can be detected. */
  readonly listed: (request: ListRequest, found: readonly Discovery[]) => void;
}

/** Carries out one call; an error is an outcome, too. */
export function callMethod(method: string, params: unknown, context: MethodContext): Outcome {
  const members = params ?? {};
  if (typeof members !== 'object' || Array.isArray(members)) {
    return invalidParams('params must be an object.');
  }
  const given = members as Readonly<Record<string, unknown>>;
  switch (method) {
    case 'initialize':
      return { result: describeServer(context.version) };
    case 'initialized':
      return { result: {} };
    case 'identity/list':
      return list(given, context);
    case 'identity/read':
      return read(given, context);
    default: {
      const message = `There is no method "${method.slice(0, 100)}".`;
      return { error: { code: rpcCodes.methodNotFound, message } };
    }
  }
}

function describeServer(version: string): object {
  return {
    serverInfo: { name: 'identity-install', version },
    capabilities: {
      methods: ['identity/list', 'identity/read'],
      notifications: ['identity/changed'],
    },
    limits: packReadLimits,
  };
}

function list(given: Readonly<Record<string, unknown>>, context: MethodContext): Outcome {
  const request = readRequest(given, context);
  if (typeof request === 'string') return invalidParams(request);
  const found = discoverIdentities(request, context.discovery);
  context.listed(request, found);
  return { result: { data: found.map(({ listing }) => listing) } };
}

const mostPlaces = 256;

/** The parameters of `identity/list`, all of which are optional; or what is wrong with them. */
function readRequest(
  { cwds = [], extraRoots = [], forceReload = false }: Readonly<Record<string, unknown>>,
  { roots }: MethodContext,
): ListRequest | string {
  if (!arePaths(cwds)) return `cwds must be a list of at most ${mostPlaces} paths.`;
  if (!arePaths(extraRoots)) return `extraRoots must be a list of at most ${mostPlaces} paths.`;
  if (typeof forceReload !== 'boolean') return 'forceReload must be true or false.';
  return { cwds, extraRoots: [...extraRoots, ...roots], forceReload };
}

function arePaths(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= mostPlaces && value.every(isPath);
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0');
}

/** `{id, cwd?, extraRoots?, path?}`: the files of a pack, or the content of one of them. */
function read(given: Readonly<Record<string, unknown>>, context: MethodContext): Outcome {
  const { id, path, cwd, extraRoots = [] } = given;
  if (typeof id !== 'string') return invalidParams('id must be a string.');
  if (path !== undefined && typeof path !== 'string')
    return invalidParams('path must be a string.');
  if (cwd !== undefined && !isPath(cwd)) return invalidParams('cwd must be a path.');
  const request = readRequest({ cwds: cwd === undefined ? [] : [cwd], extraRoots }, context);
  if (typeof request === 'string') return invalidParams(request);
  const { fs } = context.discovery;
  const identity = discoverIdentities(request, context.discovery)
    .flatMap(({ identities }) => identities)
    .find((each) => each.id === id);
  if (identity === undefined) {
    return invalidParams('There is no identity with this id.', { code: 'E_ID_UNKNOWN' });
  }
  if (path === undefined) return { result: { id, ...listPackFiles(fs, identity.directory) } };
  const bytes = readPackFile(fs, identity.directory, path);
  if (typeof bytes === 'string') return invalidParams(whyNot[bytes], { reason: bytes });
  return { result: { id, path, size: bytes.byteLength, ...contentOf(bytes) } };
}

const whyNot = {
  'not-found': 'The pack has no such file.',
  'not-plain': 'path must be a path inside the pack.',
  'too-large': `The file is larger than ${packReadLimits.fileBytes} bytes.`,
} as const;

/** Text as text, anything else as base64. */
function contentOf(bytes: Buffer): { encoding: 'utf-8' | 'base64'; content: string } {
  const text = textOf(bytes);
  return text === undefined
    ? { encoding: 'base64', content: bytes.toString('base64') }
    : { encoding: 'utf-8', content: text };
}
