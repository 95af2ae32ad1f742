import schema from '../../../schemas/contracts/protocol-review.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { member } from '../documents/members.ts';
import { ageProblem, timeOf } from './checks/age.ts';
import { fieldsWithoutValue, hasValue } from './checks/fields.ts';
import { newestRecordAt } from './checks/records.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { isText, onlyTexts } from './checks/texts.ts';
import { removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import type { Block } from './subject/block.ts';
import type { Subject } from './subject/subject.ts';
import { isGated, taskBlock } from './subject/task.ts';

const gate = 'protocol_baseline_review_gate';
const sampleReview =
  'runtime/examples/protocol-baseline-review-sample-identity-2026-02-22-sample.json';

/** The rules are in docs/protocol.md#protocol-review. */
export const protocolReview: Contract = {
  id: 'protocol-review',
  title: 'The newest review is complete, recent, and covers every required source.',
  *check(subject) {
    const block = taskBlock(subject, 'protocol_review_contract');
    if (block === undefined || !isGated(subject, gate)) return;
    yield* schemaFindings('PROTOCOL_REVIEW', block, schema);
    const sources = listOf(block, 'must_review_sources');
    for (const [index, source] of sources.entries()) {
      if (signatureOf(source) !== undefined) continue;
      yield violation('PROTOCOL_REVIEW_SOURCE_UNNAMED', block.at('must_review_sources', index));
    }
    const key = 'evidence_report_path_pattern';
    const review = yield* newestRecordAt('PROTOCOL_REVIEW', subject, block, key);
    if (review === undefined) return;
    for (const field of fieldsWithoutValue(
      review,
      onlyTexts(block.get('required_evidence_fields')),
    )) {
      yield violation('PROTOCOL_REVIEW_FIELD_MISSING', review.at(field), field);
    }
    yield* uncovered(review, sources);
    yield* stale(review, block.get('max_review_age_days'), subject.now);
  },
  samples: [
    {
      name: 'a bad review that does not count, because its gate is optional',
      task: { [`/gates/${gate}`]: 'optional' },
      json: { [sampleReview]: { '/findings': removed } },
      finds: null,
    },
    {
      name: 'an incomplete review before the newest one',
      files: {
        'runtime/examples/protocol-baseline-review-sample-identity-2026-01-01.json': '{}\n',
      },
      finds: null,
    },
    {
      name: 'a review as old as it may be',
      json: { [sampleReview]: { '/reviewed_at': '2025-11-24T12:00:00Z' } },
      finds: null,
    },
    {
      name: 'nothing that has to be reviewed',
      task: { '/protocol_review_contract/must_review_sources': [] },
      finds: 'PROTOCOL_REVIEW_VALUE',
    },
    { name: 'no review', files: { [sampleReview]: null }, finds: 'PROTOCOL_REVIEW_NO_RECORD' },
    {
      name: 'a review without findings',
      json: { [sampleReview]: { '/findings': removed } },
      finds: 'PROTOCOL_REVIEW_FIELD_MISSING',
    },
    {
      name: 'a source that was not reviewed',
      json: { [sampleReview]: { '/sources_reviewed/0': removed } },
      finds: 'PROTOCOL_REVIEW_SOURCE_UNREVIEWED',
    },
    {
      name: 'a review that is too old',
      json: { [sampleReview]: { '/reviewed_at': '2025-11-23T12:00:00Z' } },
      finds: 'PROTOCOL_REVIEW_STALE',
    },
  ],
};

function listOf(block: Block, key: string): readonly unknown[] {
  const list = block.get(key);
  return Array.isArray(list) ? list : [];
}

/** The key by which two mentions are the same source, whatever else they say about it. */
function signatureOf(source: unknown): string | undefined {
  const [repo, path, url] = ['repo', 'path', 'url'].map((key) => member(source, key));
  if (isText(repo) && isText(path)) return `${repo}::${path}`;
  return isText(url) ? url : undefined;
}

function* uncovered(review: Block, sources: readonly unknown[]): Generator<Finding> {
  if (!hasValue(review.get('sources_reviewed'))) return;
  const covered = new Set(listOf(review, 'sources_reviewed').map(signatureOf));
  for (const signature of new Set(sources.map(signatureOf))) {
    if (signature === undefined || covered.has(signature)) continue;
    yield violation('PROTOCOL_REVIEW_SOURCE_UNREVIEWED', review.at('sources_reviewed'), signature);
  }
}

function* stale(review: Block, allowed: unknown, now: Subject['now']): Generator<Finding> {
  const reviewed = review.get('reviewed_at');
  if (!hasValue(reviewed)) return;
  const place = review.at('reviewed_at');
  if (timeOf(reviewed) === undefined) yield violation('PROTOCOL_REVIEW_TIME_UNREADABLE', place);
  const problem = ageProblem(allowed, reviewed, now);
  if (problem !== undefined) yield violation('PROTOCOL_REVIEW_STALE', place, problem);
}
