import type { Finding } from '../../../core/finding.ts';
import { globProblem } from '../../../core/glob.ts';
import { isPlainPath } from '../../../core/plain-path.ts';
import { isReadable, type Document } from '../../documents/document.ts';
import { readJsonDocument } from '../../documents/json-document.ts';
import { violation } from '../findings/finding.ts';
import { schemaWording } from '../findings/wording.ts';
import { documentBlock, type Block } from '../subject/block.ts';
import { locate, type LocatedFile } from '../subject/locate.ts';
import type { Subject } from '../subject/subject.ts';
import type { Schema } from './compile-schema.ts';
import { schemaFindings } from './schema-check.ts';
import { isText } from './texts.ts';

/** The code prefixes of contracts that cannot be kept without a record. */
type NeedsRecord = 'PROTOCOL_REVIEW' | 'UPDATE_LIFECYCLE' | 'TRIGGER_REGRESSION';
/** And of those that check the existing records. */
type ReadsRecords = NeedsRecord | 'JUDGEMENT' | 'REASONING_LOOP';

/**
 * The pattern for records that a contract names. A pattern that cannot match anything is a finding:
 * the records that it was meant for would never be checked. The contract's schema checks that it is
 * a text.
 */
export function* patternAt(
  prefix: ReadsRecords,
  contract: Block,
  key: string,
): Generator<Finding, string | undefined> {
  const pattern = contract.get(key);
  if (!isText(pattern)) return undefined;
  const problem = patternProblem(pattern);
  if (problem === undefined) return pattern;
  yield violation(`${prefix}_PATTERN_UNUSABLE`, contract.at(key), pattern, problem);
  return undefined;
}

function patternProblem(pattern: string): string | undefined {
  if (!isPlainPath(pattern)) return 'it is not a plain relative path';
  // The extension tells `pack-files` that it has to be able to parse the file.
  if (!pattern.endsWith('.json')) return 'it does not end in ".json"';
  return globProblem(pattern);
}

/** All records that match a usable pattern, sorted by name. */
export function* recordsOf(
  prefix: ReadsRecords,
  subject: Subject,
  pattern: string,
): Generator<Finding, Block[]> {
  const records: Block[] = [];
  for (const file of locate(subject, pattern)) {
    const record = yield* asRecord(prefix, file);
    if (record !== undefined) records.push(record);
  }
  return records;
}

/**
 * The newest record that a contract's pattern matches: records are named by date, so it is the last
 * by name, as for the protocol's own checkers. A missing record is a finding.
 */
export function* newestRecordAt(
  prefix: NeedsRecord,
  subject: Subject,
  contract: Block,
  key: string,
): Generator<Finding, Block | undefined> {
  const pattern = yield* patternAt(prefix, contract, key);
  if (pattern === undefined) return undefined;
  const newest = locate(subject, pattern).at(-1);
  if (newest !== undefined) return yield* asRecord(prefix, newest);
  yield violation(`${prefix}_NO_RECORD`, contract.at(key), pattern);
  return undefined;
}

/**
 * A document as a record, checked against the schema of its kind. A document other than an object
 * has the wrong type, which is reported, and is returned as undefined.
 */
export function* checkedRecord(
  prefix: string,
  document: Document,
  schema: Schema,
): Generator<Finding, Block | undefined> {
  const record = documentBlock(document);
  if (record !== undefined) yield* schemaFindings(prefix, record, schema);
  else {
    const message = schemaWording.TYPE('It', 'object');
    yield { code: `${prefix}_TYPE`, severity: 'error', ...document.at(''), message };
  }
  return record;
}

/** Undefined if it cannot be parsed, which `pack-files` reports, and if it is not an object. */
function* asRecord(
  prefix: ReadsRecords,
  { bytes, shown }: LocatedFile,
): Generator<Finding, Block | undefined> {
  const document = readJsonDocument(bytes, shown);
  if (!isReadable(document)) return undefined;
  const record = documentBlock(document);
  if (record === undefined) yield violation(`${prefix}_RECORD_NO_OBJECT`, document.at(''));
  return record;
}
