import {
  ErrorCode,
  type ListResourcesResult,
  type ReadResourceResult,
  type ResourceTemplate,
} from '@modelcontextprotocol/sdk/types.js';
import { ownMember } from '../../core/own-member.ts';
import type { PackPath } from '../../core/path.ts';
import type { DiscoveryContext } from '../../protocol/discovery/list-identities.ts';
import {
  listPackFiles,
  packReadLimits,
  readPackFile,
  textOf,
} from '../../protocol/discovery/read-pack.ts';
import { hiddenIn, withHidden } from './hidden-text.ts';
import { placedIdentities, resourceLimits } from './identities.ts';
import { noSuchResource, ProtocolError, unknownCursor } from './protocol-error.ts';

export const resourceTemplates: ResourceTemplate[] = [
  {
    uriTemplate: 'identity://{id}/{+path}',
    name: 'identity-file',
    title: 'File of an identity',
    description: 'A file of an identity that identity_list shows, by its path in the pack.',
  },
];

/** The address of a file of an identity. */
export function resourceUri(id: string, path: PackPath): string {
  return `identity://${id}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

const pageSize = 500;

/** The files of every identity, a page at a time, in the order of their addresses. */
export function listResources(
  discovery: DiscoveryContext,
  cursor: string | undefined,
): ListResourcesResult {
  const after = cursor === undefined ? '' : readCursor(cursor);
  const all = placedIdentities(discovery)
    .flatMap(({ listed: { id }, directory }) =>
      listPackFiles(discovery.fs, directory, resourceLimits).files.map(({ path }) => ({
        id,
        path,
        uri: resourceUri(id, path),
      })),
    )
    .filter(({ uri }) => uri > after)
    .sort((left, right) => (left.uri < right.uri ? -1 : 1));
  const page = all.slice(0, pageSize);
  const last = page.at(-1);
  return {
    resources: page.map(({ id, path, uri }) => ({
      uri,
      name: `${id}/${path}`,
      ...withType(typeOf(path)),
    })),
    ...(all.length > pageSize && last !== undefined && { nextCursor: cursorAt(last.uri) }),
  };
}

/** @throws ProtocolError -32002 for a missing file, -32602 for one that is too large */
export function readResource(discovery: DiscoveryContext, uri: string): ReadResourceResult {
  const place = parseUri(uri);
  const identity = placedIdentities(discovery).find(({ listed }) => listed.id === place?.id);
  if (place === undefined || identity === undefined) throw noSuchResource(uri);
  const bytes = readPackFile(discovery.fs, identity.directory, place.path);
  if (bytes === 'too-large') {
    throw new ProtocolError(
      ErrorCode.InvalidParams,
      `The file is larger than ${packReadLimits.fileBytes} bytes, which is the limit for one file.`,
      { uri },
    );
  }
  if (typeof bytes === 'string') throw noSuchResource(uri);
  const text = textOf(bytes);
  const content =
    text === undefined
      ? { blob: bytes.toString('base64'), ...withType('application/octet-stream') }
      : {
          ...withHidden(hiddenIn(place.path, bytes)),
          text,
          ...withType(typeOf(place.path) ?? 'text/plain'),
        };
  return { contents: [{ uri, ...content }] };
}

function parseUri(uri: string): { id: string; path: PackPath } | undefined {
  const [, id, path] = /^identity:\/\/([a-z0-9-]{2,64})\/(.+)$/su.exec(uri) ?? [];
  if (id === undefined || path === undefined) return undefined;
  try {
    const parts = path.split('/').map(decodeURIComponent);
    // A component with an encoded slash would become two.
    return parts.some((part) => part.includes('/')) ? undefined : { id, path: parts.join('/') };
  } catch {
    return undefined;
  }
}

function cursorAt(uri: string): string {
  return Buffer.from(uri).toString('base64url');
}

function readCursor(cursor: string): string {
  const uri = Buffer.from(cursor, 'base64url').toString();
  if (cursorAt(uri) === cursor && parseUri(uri) !== undefined) return uri;
  throw unknownCursor();
}

const types: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  txt: 'text/plain',
  json: 'application/json',
  jsonl: 'application/jsonl',
  yaml: 'application/yaml',
  yml: 'application/yaml',
};

function typeOf(path: PackPath): string | undefined {
  const extension = /\.([a-z]+)$/.exec(path)?.[1] ?? '';
  return ownMember(types, extension);
}

function withType(mimeType: string | undefined): { mimeType?: string } {
  return mimeType === undefined ? {} : { mimeType };
}
