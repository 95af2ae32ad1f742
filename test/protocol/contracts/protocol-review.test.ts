import { removed } from '../../../src/protocol/contracts/contract.ts';
import { describeMutations } from '../../support/mutations.ts';

const contract = '/protocol_review_contract';
const pattern = `${contract}/evidence_report_path_pattern`;
const review = 'runtime/examples/protocol-baseline-review-sample-identity-2026-02-22-sample.json';
const newer = 'runtime/examples/protocol-baseline-review-sample-identity-2026-02-23.json';

describeMutations('protocol-review', [
  [
    'nothing it is required before',
    { task: { [`${contract}/required_before`]: removed } },
    'PROTOCOL_REVIEW_MISSING',
  ],
  [
    'no review before an upgrade',
    { task: { [`${contract}/required_before/0`]: removed } },
    'PROTOCOL_REVIEW_VALUE',
  ],
  [
    'another word for an upgrade',
    { task: { [`${contract}/required_before/0`]: 'big_change' } },
    'PROTOCOL_REVIEW_VALUE',
  ],
  ['no sources', { task: { [`${contract}/must_review_sources`]: [] } }, 'PROTOCOL_REVIEW_VALUE'],
  [
    'sources in a mapping',
    { task: { [`${contract}/must_review_sources`]: {} } },
    'PROTOCOL_REVIEW_TYPE',
  ],
  [
    'a source without its path',
    { task: { [`${contract}/must_review_sources/0/path`]: removed } },
    'PROTOCOL_REVIEW_SOURCE_UNNAMED',
  ],
  [
    'no decision asked for',
    { task: { [`${contract}/required_evidence_fields/6`]: removed } },
    'PROTOCOL_REVIEW_VALUE',
  ],
  ['no pattern', { task: { [pattern]: removed } }, 'PROTOCOL_REVIEW_MISSING'],
  ['a pattern that is a list', { task: { [pattern]: ['*.json'] } }, 'PROTOCOL_REVIEW_TYPE'],
  [
    'a pattern out of the pack',
    { task: { [pattern]: '../../*.json' } },
    'PROTOCOL_REVIEW_PATTERN_UNUSABLE',
  ],
  [
    'a pattern of another system',
    { task: { [pattern]: 'runtime\\*.json' } },
    'PROTOCOL_REVIEW_PATTERN_UNUSABLE',
  ],
  [
    'a pattern that matches nothing',
    { task: { [pattern]: 'reviews/*.json' } },
    'PROTOCOL_REVIEW_NO_RECORD',
  ],
  [
    'an age of no days',
    { task: { [`${contract}/max_review_age_days`]: 0 } },
    'PROTOCOL_REVIEW_VALUE',
  ],
  ['no review', { files: { [review]: null } }, 'PROTOCOL_REVIEW_NO_RECORD'],
  ['a review that is null', { files: { [review]: 'null' } }, 'PROTOCOL_REVIEW_RECORD_NO_OBJECT'],
  [
    'a review without a reviewer',
    { json: { [review]: { '/reviewer_identity': removed } } },
    'PROTOCOL_REVIEW_FIELD_MISSING',
  ],
  [
    'a review without a decision',
    { json: { [review]: { '/decision': null } } },
    'PROTOCOL_REVIEW_FIELD_MISSING',
  ],
  [
    'a review without sources',
    { json: { [review]: { '/sources_reviewed': removed } } },
    'PROTOCOL_REVIEW_FIELD_MISSING',
  ],
  [
    'a review of half of the sources',
    { json: { [review]: { '/sources_reviewed/1': removed } } },
    'PROTOCOL_REVIEW_SOURCE_UNREVIEWED',
  ],
  [
    'a review of the same path elsewhere',
    { json: { [review]: { '/sources_reviewed/0/repo': 'somewhere-else' } } },
    'PROTOCOL_REVIEW_SOURCE_UNREVIEWED',
  ],
  [
    'a source that came in after the review',
    { task: { [`${contract}/must_review_sources/2`]: { url: 'https://example.org/' } } },
    'PROTOCOL_REVIEW_SOURCE_UNREVIEWED',
  ],
  [
    'a review of no day',
    { json: { [review]: { '/reviewed_at': 'yesterday' } } },
    'PROTOCOL_REVIEW_TIME_UNREADABLE',
  ],
  [
    'a review of the 40th',
    { json: { [review]: { '/reviewed_at': '2026-02-40T00:00:00Z' } } },
    'PROTOCOL_REVIEW_TIME_UNREADABLE',
  ],
  [
    'a review of half a year ago',
    { json: { [review]: { '/reviewed_at': '2025-08-22T12:00:00Z' } } },
    'PROTOCOL_REVIEW_STALE',
  ],
  [
    'a review of the day after tomorrow',
    { json: { [review]: { '/reviewed_at': '2026-02-24T12:00:00Z' } } },
    'PROTOCOL_REVIEW_STALE',
  ],
  [
    'a newer review of nothing',
    { files: { [newer]: '{"reviewed_at": "2026-02-22T11:00:00Z"}' } },
    'PROTOCOL_REVIEW_FIELD_MISSING',
  ],
]);
