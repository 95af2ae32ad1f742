import { InstallError } from '../../core/errors.ts';
import { checkIdentityId } from '../../core/identity-id.ts';
import { contractIds, type ContractId } from '../../protocol/contracts/contract.ts';
import type { Command, FindingsFormat } from './invocation.ts';
import { nearest } from './nearest.ts';
import type { Arguments } from './read-arguments.ts';

const formats = ['sarif', 'github'] as const satisfies readonly FindingsFormat[];

/**
 * `identity validate [id..]` and `identity validate --self-test`
 *
 * @throws InstallError E_USAGE, E_ID_INVALID, E_ID_RESERVED
 */
export function readValidate(rest: readonly string[], given: Arguments): Command {
  const contracts = [...new Set(given.list('contract').map(checkContract))];
  if (given.flag('self-test')) {
    refuseBesideSelfTest(rest, given);
    return { kind: 'self-test', contracts };
  }
  given.refuseTogether('json', 'format');
  for (const name of ['root', 'catalog']) {
    for (const other of ['home', 'scope']) given.refuseTogether(name, other);
  }
  const root = given.value('root');
  const catalog = given.value('catalog');
  const now = given.value('now');
  const format = given.value('format');
  return {
    kind: 'validate',
    request: {
      ids: [...new Set(rest.map(checkIdentityId))],
      contracts,
      ...(root !== undefined && { root }),
      ...(catalog !== undefined && { catalog }),
      ...(now !== undefined && { now: checkTime(now) }),
      inHome: given.has('home') || given.has('scope'),
    },
    strict: given.flag('strict'),
    ...(format !== undefined && { format: checkFormat(format) }),
  };
}

function checkContract(name: string): ContractId {
  const known = contractIds.find((id) => id === name);
  if (known !== undefined) return known;
  throw unknown('contract', name, contractIds);
}

function checkFormat(name: string): FindingsFormat {
  const known = formats.find((format) => format === name);
  if (known !== undefined) return known;
  throw unknown('format', name, formats);
}

function unknown(option: string, name: string, known: readonly string[]): InstallError {
  const suggestion = nearest(name, known);
  const list = `Choose from: ${known.join(', ')}.`;
  return new InstallError('E_USAGE', `--${option} does not know "${name}".`, {
    remedy: suggestion === undefined ? list : `Did you mean "${suggestion}"? ${list}`,
    details: { option, value: name },
  });
}

const iso8601 =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** A day is its beginning in UTC; a time must say its zone, or two machines would disagree. */
function checkTime(text: string): Date {
  const time = new Date(iso8601.test(text) ? text : Number.NaN);
  const day = Number(text.slice(8, 10));
  // JavaScript takes 30 February for 2 March.
  const exists = new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === day;
  if (!Number.isNaN(time.getTime()) && exists) return time;
  throw new InstallError('E_USAGE', `--now does not understand "${text}".`, {
    remedy: 'Write a day or a time with its zone: 2026-02-22 or 2026-02-22T12:00:00Z.',
    details: { option: 'now', value: text },
  });
}

function refuseBesideSelfTest(rest: readonly string[], given: Arguments): void {
  for (const name of ['root', 'catalog', 'now', 'strict', 'format']) {
    given.refuseTogether('self-test', name);
  }
  if (rest.length === 0) return;
  throw new InstallError('E_USAGE', '--self-test looks at no pack of yours.', {
    remedy: `Leave out: ${rest.join(' ')}.`,
    details: { operands: rest },
  });
}
