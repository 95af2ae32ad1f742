import type { Finding } from '../../../core/finding.ts';
import { advice, violation } from './finding.ts';

/** How many findings of one contract in one pack are listed; the others are counted. */
export const listedPerContract = 100;
/** A document may be wrong in half a million places; nobody needs to know how many exactly. */
export const countedPerContract = 10_000;

/** What a contract found: the first findings, and what stands for those beyond. */
export interface FirstFindings {
  readonly listed: readonly Finding[];
  /** How many more there are, as grave as the gravest of them; undefined when all are listed. */
  readonly more: Finding | undefined;
}

/**
 * The first `listedPerContract` findings. A check that goes on finding is ended after
 * `countedPerContract` more, so that no document costs much more than reading it.
 */
export function firstFindings(found: Iterable<Finding>): FirstFindings {
  const listed: Finding[] = [];
  let more = 0;
  let isGrave = false;
  let isCut = false;
  for (const finding of found) {
    if (listed.length < listedPerContract) {
      listed.push(finding);
      continue;
    }
    isCut = more === countedPerContract;
    if (isCut) break;
    more += 1;
    isGrave ||= finding.severity === 'error';
  }
  if (more === 0) return { listed, more: undefined };
  const path = listed.at(-1)?.path;
  const place = path === undefined ? {} : { path };
  const tell = isGrave ? violation : advice;
  return { listed, more: tell('FINDINGS_MORE', place, more, isCut, listedPerContract) };
}
