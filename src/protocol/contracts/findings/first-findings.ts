import type { Finding } from '../../../core/finding.ts';
import { advice, violation } from './finding.ts';

/** How many findings of one contract in one pack are listed; the others are counted. */
export const listedPerContract = 100;
/** A document may be wrong in half a million places; the exact number does not matter. */
export const countedPerContract = 10_000;

/** What a contract found: the first findings, and a summary of the rest. */
export interface FirstFindings {
  readonly listed: readonly Finding[];
  /** How many more there are, with the highest severity among them; undefined if all are listed. */
  readonly more: Finding | undefined;
}

/**
 * The first `listedPerContract` findings. A check that finds more is ended after
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
  const findingOf = isGrave ? violation : advice;
  return { listed, more: findingOf('FINDINGS_MORE', place, more, isCut, listedPerContract) };
}
