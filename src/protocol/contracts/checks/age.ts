import type { Subject } from '../subject/subject.ts';

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** Milliseconds since 1970; undefined unless it is a time with a zone (RFC 3339). */
export function timeOf(value: unknown): number | undefined {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
  if (typeof value !== 'string' || !form.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * How many whole days ago a time was, as the protocol's own checkers count: six hours ago are 0
 * days, and so are clocks that differ by some minutes. Less than 0 for a time in the future.
 *
 * @returns undefined if it is not a time, or if the current time is unknown
 */
function ageInDays(value: unknown, now: Subject['now']): number | undefined {
  const time = timeOf(value);
  if (time === undefined || now === undefined) return undefined;
  return Math.trunc((now.getTime() - time) / millisecondsPerDay);
}

/** Whether a time is further back than a number of days. The schema checks that it is a number. */
export function isOlderThan(days: unknown, value: unknown, now: Subject['now']): boolean {
  const age = ageInDays(value, now);
  return age !== undefined && typeof days === 'number' && days > 0 && age > days;
}

/**
 * What is wrong with the age of a record, to follow its name in a sentence; undefined if nothing
 * is.
 *
 * @param days how old it may be
 */
export function ageProblem(days: unknown, value: unknown, now: Subject['now']): string | undefined {
  const age = ageInDays(value, now);
  if (isAhead(value, now)) return 'is dated in the future';
  if (!isOlderThan(days, value, now)) return undefined;
  return `is ${age} ${age === 1 ? 'day' : 'days'} old, and ${Number(days)} are allowed`;
}

/** Whether a time lies a day or more in the future: clocks do not differ by that much. */
function isAhead(value: unknown, now: Subject['now']): boolean {
  const age = ageInDays(value, now);
  return age !== undefined && age <= -1;
}
