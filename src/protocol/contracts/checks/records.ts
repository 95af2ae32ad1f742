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

/** How the codes begin of contracts that cannot be kept without a record. */
type NeedsRecord = 'PROTOCOL_REVIEW' | 'UPDATE_LIFECYCLE' | 'TRIGGER_REGRESSION';
/** And of those that look at the records that there are. */
type ReadsRecords = NeedsRecord | 'JUDGEMENT' | 'REASONING_LOOP';

/**
 * The pattern for records that a contract names. One that can lead nowhere is a finding: what it
 * was meant for would never be looked at. That it is a text at all is for the contract's schema.
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
  if (!isPlainPath(pattern)) return 'it is no plain relative path';
  // By this name `pack-files` knows what it has to be able to parse.
  if (!pattern.endsWith('.json')) return 'it does not end in ".json"';
  return globProblem(pattern);
}

/** All records that a usable pattern leads to, sorted by name. */
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
 * The newest record that a contract leads to: records are named by date, so the last name is it,
 * as it is for the protocol's own checkers. That there is none is a finding.
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
 * A document as a record, held against the schema of its kind. One that is no object is of the
 * wrong type, and undefined.
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

/** Undefined for what cannot be parsed, which `pack-files` finds, and for what is no object. */
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
