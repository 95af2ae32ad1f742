const day = 24 * 60 * 60 * 1000;

/**
 * How many whole days ago a time was, as the protocol's own checkers count: six hours ago are 0
 * days, and so are clocks that differ by some minutes. Less than 0 for a time to come.
 *
 * @returns undefined for what is no time with a zone (RFC 3339)
 */
export function ageInDays(time: unknown, now: Date): number | undefined {
  if (typeof time !== 'string') return undefined;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(time)) {
    return undefined;
  }
  const milliseconds = now.getTime() - Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : Math.trunc(milliseconds / day);
}
