/** The pieces of which git's smart HTTP protocol consists, for servers that get them wrong. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { reachableFrom } from './git-objects.ts';
import type { Answer } from './git-server.ts';
import { helperRelease } from './helper-pack.ts';
import type { RepositoryFiles, TestRepository } from './repository.ts';

/** One packet line. */
export function packet(text: string | Buffer): Buffer {
  const content = Buffer.from(text);
  const length = (content.length + 4).toString(16).padStart(4, '0');
  return Buffer.concat([Buffer.from(length), content]);
}

export const flush = Buffer.from('0000');
export const service = Buffer.concat([packet('# service=git-upload-pack\n'), flush]);

/** What a server of protocol version 0 announces. */
export function advertisement(
  refs: readonly (readonly [name: string, oid: string])[],
  capabilities = 'shallow',
): Buffer {
  const lines = refs.map(([name, oid], index) =>
    packet(`${oid} ${name}${index === 0 ? `\0${capabilities}` : ''}\n`),
  );
  return Buffer.concat([service, ...lines, flush]);
}

/** What a server of protocol version 2 announces: no refs, those are asked for. */
export const versionTwo = Buffer.concat([
  service,
  ...['version 2\n', 'agent=test\n', 'ls-refs=unborn\n', 'fetch=shallow\n'].map(packet),
  packet('object-format=sha1\n'),
  flush,
]);

function isAdvertisement(request: IncomingMessage): boolean {
  return request.method === 'GET';
}

/** Begins an answer of the type that git expects. */
export function begin(request: IncomingMessage, response: ServerResponse): ServerResponse {
  const kind = isAdvertisement(request) ? 'advertisement' : 'result';
  return response.writeHead(200, { 'content-type': `application/x-git-upload-pack-${kind}` });
}

/** Answers the announcement and the request for the pack, each in its own way. */
export function smartServer(announce: Answer, pack: Answer): Answer {
  return (request, response) => {
    begin(request, response);
    return (isAdvertisement(request) ? announce : pack)(request, response);
  };
}

/** Sends what the function makes for ever, as fast as it is taken. */
export function endless(response: ServerResponse, make: (count: number) => Buffer): void {
  let count = 0;
  const more = (): void => {
    while (!response.destroyed) {
      if (!response.write(make((count += 1)))) {
        response.once('drain', more);
        return;
      }
    }
  };
  more();
}

/** Some thousand refs that were not announced before. */
export function moreRefs(count: number): Buffer {
  return Buffer.concat(
    Array.from({ length: 2_000 }, (_, index) => {
      const name = `v${count}.${index}.0`;
      return packet(
        `${(count * 2_000 + index).toString(16).padStart(40, '0')} refs/tags/${name}\n`,
      );
    }),
  );
}

/** Where the history of one commit ends: at once. */
function shallowEnd(commit: string): Buffer {
  return Buffer.concat([packet(`shallow ${commit}`), flush]);
}

/** How an answer with a pack of one commit begins. */
export function packPreamble(commit: string): Buffer {
  return Buffer.concat([shallowEnd(commit), packet('NAK\n')]);
}

/** A pack of exactly these objects, whatever else they need. */
export function packOf(repository: TestRepository, oids: readonly string[]): Buffer {
  return execFileSync('git', ['pack-objects', '--stdout', '--quiet'], {
    env: { PATH: process.env['PATH'], GIT_DIR: repository.path },
    input: `${oids.join('\n')}\n`,
    maxBuffer: 1 << 28,
  });
}

/** The beginning of a pack that claims so many objects. */
export function packHeader(objects: number): Buffer {
  const header = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  header.writeUInt32BE(objects, 8);
  return header;
}

/** The beginning of a blob of 2^44 bytes, and a piece of it, stored rather than compressed. */
export const hugeBlob = {
  start: Buffer.from([0xb0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0x78, 0x01]),
  piece: Buffer.concat([Buffer.from([0x00, 0xff, 0xff, 0x00, 0x00]), Buffer.alloc(65_535, 0x61)]),
};

/** A pack with the checksum that git compares. */
export function sealed(content: Buffer): Buffer {
  return Buffer.concat([content, createHash('sha1').update(content).digest()]);
}

/** A release that a hostile server announces, and its objects. */
export interface OfferedRelease {
  readonly tag: string;
  readonly commit: string;
  readonly objects: readonly string[];
}

/** A release of `helper` that is in the repository and in nobody's store. */
export function offerRelease(repository: TestRepository, files: RepositoryFiles): OfferedRelease {
  const commit = repository.commit(helperRelease(files));
  const objects = reachableFrom(repository.path, commit);
  return { tag: 'v9.0.0', commit, objects };
}

/** A server that announces the release as it should, and sends this for its pack. */
export function sendsRelease(
  offered: () => OfferedRelease,
  pack: Answer,
  capabilities = 'shallow',
): Answer {
  return smartServer(
    (_request, response) => {
      const { tag, commit } = offered();
      response.end(advertisement([[`refs/tags/${tag}`, commit]], capabilities));
    },
    async (request, response) => {
      const asked = await text(request);
      // First it is asked where history ends, then for the same and the pack.
      if (asked.endsWith('done\n')) await pack(request, response);
      else response.end(shallowEnd(offered().commit));
    },
  );
}

/** What a git that was stopped could leave in a store: locks, packs that nobody finished. */
export function leftovers(state: string): string[] {
  const store = join(state, 'releases.git');
  if (!existsSync(store)) return [];
  return readdirSync(store, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /(^|\/)(tmp_[^/]*|[^/]*\.lock)$/.test(path),
  );
}
