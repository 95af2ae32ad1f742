/**
 * The name of one operation: `20261120-235959-3f9a1c`, UTC time plus six random hex digits, so that
 * names sort by time and never collide. Everything an operation leaves behind carries it.
 */
export type OperationRef = string;

const form = /^\d{8}-\d{6}-[0-9a-f]{6}$/;

export function isOperationRef(text: string): boolean {
  return form.test(text);
}

/**
 * @param at time of the operation
 * @param random at least six hex digits
 * @param after the newest operation on record: a clock that went backwards must not make a new
 *   operation sort before an old one
 */
export function newOperationRef(at: Date, random: string, after?: OperationRef): OperationRef {
  const stamp = timestamp(at);
  const floor = after?.slice(0, 15);
  const chosen = floor !== undefined && stamp <= floor ? nextSecond(floor) : stamp;
  return `${chosen}-${random.slice(0, 6)}`;
}

function timestamp(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '').replace('T', '-');
}

function nextSecond(stamp: string): string {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(stamp) ?? [];
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  return timestamp(new Date(Date.parse(iso) + 1000));
}
