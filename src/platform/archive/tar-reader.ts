import { isUtf8 } from 'node:buffer';
import type { Header } from 'tar/header';
import { ArchiveError, type ArchiveLimits, type ArchiveMember } from '../archive.ts';
import { readPaxRecords, refuseMeaningfulGlobals, type PaxOverrides } from './pax-records.ts';
import {
  blockBytes,
  createDuplicateGuard,
  mustBePlain,
  paddingAfter,
  type TarFormat,
} from './tar-format.ts';

/** Longest pax header or long name that is read; paths are bounded at 4 KiB by every system. */
const metaBytes = 64 * 1024;
/** Zero bytes after the end that are read; tar programs pad the file to a record of 10 KiB. */
const paddingBytes = 1024 * 1024;

export type Visit = (member: ArchiveMember, content: Buffer) => void;

export interface TarReader {
  /** Takes the next bytes; they are copied. Members are visited as soon as they are complete. */
  push(chunk: Uint8Array): void;
  /** Must be called when there are no more bytes. */
  end(): void;
}

/**
 * Reads a tar file strictly, in one pass. Written on node-tar's header codec and not on its parser,
 * which decodes a pax header in the pieces it arrives in (a name is mangled where a piece ends
 * inside a character), accepts an archive without an end as complete, and keeps everything after
 * the end in memory.
 *
 * Both calls throw ArchiveError: `limit` before the bytes beyond the limit are read.
 */
export function createTarReader(format: TarFormat, limits: ArchiveLimits, visit: Visit): TarReader {
  const archive = new ArchiveState();
  const steps = readMembers(format, limits, visit, archive);
  let wanted = steps.next();
  let buffer = Buffer.alloc(0);
  let filled = 0;
  const begin = () => {
    buffer = Buffer.allocUnsafe(wanted.done === true ? 0 : wanted.value);
    filled = 0;
  };
  begin();
  return {
    push(chunk) {
      for (let at = 0; at < chunk.byteLength;) {
        const taken = Math.min(chunk.byteLength - at, buffer.byteLength - filled);
        buffer.set(chunk.subarray(at, at + taken), filled);
        at += taken;
        filled += taken;
        if (filled < buffer.byteLength) continue;
        wanted = steps.next(buffer);
        begin();
      }
    },
    end() {
      if (!archive.ended || filled > 0) throw damaged('The archive is cut short');
    },
  };
}

class ArchiveState {
  ended = false;
}

/** The reader as a coroutine: yields how many bytes it wants, at least one, and receives them. */
function* readMembers(
  { Header }: TarFormat,
  limits: ArchiveLimits,
  visit: Visit,
  archive: ArchiveState,
): Generator<number, never, Buffer> {
  const refuseDuplicate = createDuplicateGuard();
  const charge = createBudget(limits);
  let overrides: PaxOverrides | undefined;
  for (;;) {
    const block = yield blockBytes;
    if (isZero(block)) break;
    const header = decode(Header, block, overrides);
    const { type, size } = header;
    switch (type) {
      case 'ExtendedHeader':
      case 'GlobalExtendedHeader':
      case 'NextFileHasLongPath': {
        charge(type === 'GlobalExtendedHeader' ? 1 : 0, size);
        if (size > metaBytes) throw new ArchiveError('limit', 'A header is too long');
        const body = yield* content(size);
        if (type === 'GlobalExtendedHeader') refuseMeaningfulGlobals(body);
        else if (overrides !== undefined) throw damaged('Two headers for one member');
        else overrides = type === 'ExtendedHeader' ? readPaxRecords(body) : longPath(body);
        break;
      }
      case 'File':
      case 'OldFile':
      case 'Directory': {
        const member = memberOf(header, overrides, block);
        overrides = undefined;
        if (size > limits.memberBytes) {
          throw new ArchiveError('limit', `${JSON.stringify(member.path)} is too large`, {
            excess: { limit: 'memberBytes', found: size, path: member.path },
          });
        }
        charge(1, size);
        const bytes = yield* content(size);
        if (member.path === '') break;
        refuseDuplicate(member.path);
        visit(member, bytes);
        break;
      }
      default:
        throw new ArchiveError('entry', `Member ${JSON.stringify(header.path)} is a ${type}`);
    }
  }
  if (overrides !== undefined) throw damaged('A header without a member');
  if (!isZero(yield blockBytes)) throw damaged('A zero block inside the archive');
  archive.ended = true;
  for (let padding = 0; padding < paddingBytes; padding += blockBytes) {
    if (!isZero(yield blockBytes)) throw damaged('Something follows the end of the archive');
  }
  throw damaged('Too much follows the end of the archive');
}

type Decoded = Header & { size: number; path: string; mode: number };

function decode(
  HeaderClass: typeof Header,
  block: Buffer,
  overrides: PaxOverrides | undefined,
): Decoded {
  const header = new HeaderClass(block, 0, overrides ?? {});
  const { size, mode, cksumValid } = header;
  // The codec puts the block's prefix before a name that a pax header gave in full.
  const path = overrides?.path ?? header.path;
  if (!cksumValid || size === undefined || path === undefined || mode === undefined) {
    throw damaged('A member header is damaged');
  }
  // A directory has no content. The codec sets its size to zero, and treats a file whose name ends
  // in a slash as one; another program would then read the content as the next header.
  if (header.type === 'Directory' && /[^0 \0]/.test(block.toString('latin1', 124, 136))) {
    throw damaged('A directory has content');
  }
  return Object.assign(header, { size, path, mode });
}

function* content(size: number): Generator<number, Buffer, Buffer> {
  if (size === 0) return Buffer.alloc(0);
  return (yield size + paddingAfter(size)).subarray(0, size);
}

/** A member with its normalised path; empty for the archive's own root (`./`). */
function memberOf(
  header: Decoded,
  overrides: PaxOverrides | undefined,
  block: Buffer,
): ArchiveMember {
  const hasOwnPath = overrides?.path !== undefined;
  if (!hasOwnPath && !(isUtf8(block.subarray(0, 100)) && isUtf8(block.subarray(345, 500)))) {
    throw new ArchiveError('entry', 'A member name is not UTF-8');
  }
  if (header.linkpath !== '') throw damaged('A regular member names a link target');
  const directory = header.type === 'Directory';
  const stripped = directory ? header.path.replace(/\/$/, '') : header.path;
  // `tar -c .` writes `./` before every name, and `./` itself.
  const root = directory && stripped === '.';
  const path = root ? '' : stripped.replace(/^\.\//, '');
  if (!root) mustBePlain(path);
  return {
    path,
    kind: directory ? 'directory' : 'file',
    mode: header.mode & 0o7777,
    size: directory ? 0 : header.size,
    modifiedSeconds: Math.floor((header.mtime?.getTime() ?? 0) / 1000),
  };
}

/** A name in GNU tar's older form: the bytes up to the first NUL. */
function longPath(body: Buffer): PaxOverrides {
  const end = body.indexOf(0);
  const name = end === -1 ? body : body.subarray(0, end);
  if (!isUtf8(name)) throw new ArchiveError('entry', 'A member name is not UTF-8');
  return { path: name.toString('utf8') };
}

/** Charges members and bytes before they are read, headers included. */
function createBudget(limits: ArchiveLimits): (members: number, bytes: number) => void {
  let members = 0;
  let total = 0;
  return (more, bytes) => {
    members += more;
    total += bytes;
    if (members > limits.members) {
      const excess = { limit: 'members', found: members } as const;
      throw new ArchiveError('limit', 'Too many members', { excess });
    }
    if (total > limits.totalBytes) {
      const excess = { limit: 'totalBytes', found: total } as const;
      throw new ArchiveError('limit', 'Too many bytes', { excess });
    }
  };
}

const zeroBlock = Buffer.alloc(blockBytes);

function isZero(block: Buffer): boolean {
  return zeroBlock.equals(block);
}

function damaged(message: string): ArchiveError {
  return new ArchiveError('damaged', message);
}
