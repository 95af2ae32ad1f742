import { basename } from 'node:path';
import { parseJson } from '../core/bounded-json.ts';
import { InstallError } from '../core/errors.ts';
import { refuseNewerSchema } from '../core/newer-schema.ts';
import { comparePaths } from '../core/path.ts';
import type { InstalledRecord } from '../core/record.ts';
import { steps } from '../core/remedy.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import { readBounded } from '../platform/files/read-bounded.ts';
import { checkRecord } from './record-shape.ts';

const schema = 'identity-install/record@1';

/** The remedy for a record that is damaged or gone: an install adopts the existing files. */
export const recordRemedy = steps(
  { kind: 'restore', what: 'it' },
  'Or move it away: the next install of the identity writes a new one, and by default changes no existing file.',
);

/** Records hold a line for every file: far larger than anything a pack may bring. */
const recordLimits = { bytes: 256 * 1024 * 1024, depth: 8, members: 10_000_000 };

/**
 * The installed record at `path`; undefined if there is none. `files` has no prototype, so a file
 * called `constructor` is found only if it is recorded.
 *
 * @throws InstallError E_RECORD_DAMAGED, E_LAYOUT_NEWER
 */
export function readRecord(fs: ReadFileSystem, path: string): InstalledRecord | undefined {
  if (fs.stat(path) === undefined) return undefined;
  const bytes = readBounded(fs, path, recordLimits.bytes);
  if (bytes === undefined)
    throw damagedRecord(path, `it is larger than ${recordLimits.bytes} bytes`);
  const record = parseRecord(bytes, path);
  if (`${record.id}.json` === basename(path)) return record;
  throw damagedRecord(path, `it is the record of ${record.id}`);
}

/** The same for bytes in memory, for example from a journal. `path` is for messages. */
export function parseRecord(bytes: Uint8Array, path: string): InstalledRecord {
  const damaged = (problem: string, cause?: unknown): never => {
    throw damagedRecord(path, problem, cause);
  };
  let document: unknown;
  try {
    document = parseJson(bytes, { path, limits: recordLimits, anyKey: true });
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    return damaged('it is not valid JSON', error);
  }
  refuseNewerSchema(schemaOf(document), schema, path);
  const problem = checkRecord(document, schema);
  if (problem !== undefined) return damaged(problem);
  const record = document as InstalledRecord;
  return { ...record, files: withoutPrototype(record.files) };
}

/** The bytes of `record/<id>.json`: readable, and equal for equal records. */
export function serialiseRecord(record: InstalledRecord): Buffer {
  const files = Object.entries(record.files).sort(([a], [b]) => comparePaths(a, b));
  const document = { ...record, reports: [...record.reports].sort(comparePaths) };
  // Written line by line: an object would move keys that look like numbers to the front.
  const lines = files.map(([path, base]) => `    ${JSON.stringify(path)}: ${JSON.stringify(base)}`);
  const text = JSON.stringify({ ...document, files: {} }, null, 2).replace(
    '\n  "files": {}',
    () => `\n  "files": {${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}}`,
  );
  return Buffer.from(`${text}\n`);
}

function damagedRecord(path: string, problem: string, cause?: unknown): InstallError {
  return new InstallError('E_RECORD_DAMAGED', `${path}: ${problem}.`, {
    remedy: recordRemedy,
    details: { path, problem },
    ...(cause === undefined ? {} : { cause }),
  });
}

function withoutPrototype(files: InstalledRecord['files']): InstalledRecord['files'] {
  return Object.setPrototypeOf({ ...files }, null) as InstalledRecord['files'];
}

function schemaOf(document: unknown): unknown {
  const hasSchema = typeof document === 'object' && document !== null && 'schema' in document;
  return hasSchema ? document.schema : undefined;
}
