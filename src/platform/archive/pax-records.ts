import { isUtf8 } from 'node:buffer';
import { ArchiveError } from '../archive.ts';

/** What a pax header may say of the member after it. */
export interface PaxOverrides {
  readonly path?: string;
  readonly size?: number;
  readonly mtime?: Date;
}

/**
 * Reads the records of a pax header, `<length> <key>=<value>\n` each. node-tar's own reader splits
 * at line feeds, which are legal in a value, and skips what it does not understand.
 *
 * @throws ArchiveError `damaged` for a malformed record, `entry` for one that changes the meaning
 *   of the member beyond name, size and time (links, sparse files, other character sets)
 */
export function readPaxRecords(body: Buffer): PaxOverrides {
  const records = new Map<string, string>();
  for (let at = 0; at < body.byteLength;) {
    const { key, value, next } = recordAt(body, at);
    if (/^(linkpath$|hdrcharset$|GNU\.sparse\.)/.test(key)) {
      throw new ArchiveError('entry', `Unsupported pax record: ${key}`);
    }
    records.set(key, value);
    at = next;
  }
  const [path, size, mtime] = [records.get('path'), records.get('size'), records.get('mtime')];
  return {
    ...(path !== undefined && { path }),
    ...(size !== undefined && { size: numberFrom(size, /^\d{1,15}$/) }),
    ...(mtime !== undefined && {
      mtime: new Date(numberFrom(mtime, /^-?\d{1,12}(\.\d*)?$/) * 1000),
    }),
  };
}

/** The keys of a global header that would change the members after it are refused. */
export function refuseMeaningfulGlobals(body: Buffer): void {
  if (Object.keys(readPaxRecords(body)).length > 0) {
    throw new ArchiveError('entry', 'A global pax header changes the members after it');
  }
}

function recordAt(body: Buffer, at: number): { key: string; value: string; next: number } {
  const space = body.indexOf(0x20, at);
  const digits = body.toString('latin1', at, space);
  const next = at + Number(digits);
  const wellFormed =
    space > at && /^\d{1,7}$/.test(digits) && next <= body.byteLength && body[next - 1] === 0x0a;
  const record = body.subarray(space + 1, next - 1);
  const equals = record.indexOf(0x3d);
  if (!wellFormed || equals < 1 || !isUtf8(record)) {
    throw new ArchiveError('damaged', 'A pax header is malformed');
  }
  return {
    key: record.toString('utf8', 0, equals),
    value: record.toString('utf8', equals + 1),
    next,
  };
}

function numberFrom(value: string, form: RegExp): number {
  if (form.test(value)) return Number(value);
  throw new ArchiveError('damaged', 'A pax header lacks a number where one is expected');
}
