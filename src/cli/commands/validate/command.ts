import { exitCodes } from '../../../core/error-codes.ts';
import { InstallError } from '../../../core/errors.ts';
import { nearest } from '../../../core/nearest.ts';
import type { ValidateRequest } from '../../../inspection/validate/packs-to-validate.ts';
import type { ValidateRun } from '../../../inspection/validate/validate.ts';
import { contractIds, type ContractId } from '../../../protocol/contracts/contract.ts';
import type { SelfTestRun } from '../../../protocol/contracts/samples/self-test.ts';
import type { Arguments } from '../../options/arguments.ts';
import { readIds } from '../../options/operands.ts';
import { valuesOf } from '../../options/values.ts';
import { defineCommand } from '../../command/command.ts';
import { findingsFormats, validateOptions, type FindingsFormat } from './options.ts';

type Asked =
  | {
      readonly kind: 'packs';
      /** Without a time: that of the clock. */
      readonly request: Omit<ValidateRequest, 'now'> & Partial<Pick<ValidateRequest, 'now'>>;
      /** Warnings count as failures, too. */
      readonly strict: boolean;
      readonly format?: FindingsFormat;
    }
  /** Without contracts: all. */
  | { readonly kind: 'self-test'; readonly contracts: readonly ContractId[] };

export const validate = defineCommand<Asked, ValidateRun | SelfTestRun>({
  usage: ['identity validate [id..] [options]', 'identity validate --self-test'],
  about:
    'Checks packs against the contracts of the identity protocol, and names file, line and ' +
    'JSON pointer of every finding. Checks the protocol repository in the working ' +
    'directory, or the instances of the home. Reads only. Without ids: all of the catalog.',
  options: validateOptions,
  examples: [
    ['identity validate', 'every pack of this repository, or of the home'],
    ['identity validate code-reviewer --contract routing', 'one pack, one contract'],
    ['identity validate --format sarif > identity.sarif', 'for code scanning'],
    ['identity validate --self-test', 'do the contracts find what they should?'],
  ],
  exits: [
    [exitCodes.done, 'nothing found, or only warnings (--strict: nothing found)'],
    [exitCodes.findings, 'a contract is broken, or a sample does not show what it should'],
  ],
  schemas: ['validate-result', 'self-test-result'],
  doing: 'reading the packs',
  parse: readRequest,
  schemaOf: ({ kind }) => (kind === 'packs' ? 'validate-result' : 'self-test-result'),
  run: async (asked, { composition }) => {
    if (asked.kind === 'packs') {
      const { validate: run } = await import('../../../inspection/validate/validate.ts');
      const { looking } = composition;
      return await run(looking, { now: looking.clock.now(), ...asked.request });
    }
    const { selfTest } = await import('../../../protocol/contracts/samples/self-test.ts');
    const { contracts } = await import('../../../protocol/contracts/registry.ts');
    const chosen = contracts.filter(
      ({ id }) => asked.contracts.length === 0 || asked.contracts.includes(id),
    );
    return { results: selfTest(chosen) };
  },
  /**
   * 1 for a finding of severity error, for a warning if those count as failures, and for a sample
   * that does not show what it should; otherwise 0.
   */
  exitCode: (run, asked) => {
    const failing =
      'results' in run
        ? run.results.filter(({ problems }) => problems.length > 0).length
        : run.counts.error + (asked.kind === 'packs' && asked.strict ? run.counts.warn : 0);
    return failing > 0 ? exitCodes.findings : exitCodes.done;
  },
  text: async (run, asked, context) => {
    if ('results' in run) {
      const { renderSelfTest } = await import('../../render/self-test-text.ts');
      return renderSelfTest(run, context);
    }
    const { renderFindings } = await import('../../render/findings.ts');
    return renderFindings(run, asked.kind === 'packs' ? asked.format : undefined, context);
  },
});

/** @throws InstallError E_USAGE, E_ID_INVALID, E_ID_RESERVED */
function readRequest(given: Arguments): Asked {
  const contracts = [...new Set(given.list('contract').map(checkContract))];
  if (given.flag('self-test')) {
    refuseBesideSelfTest(given);
    return { kind: 'self-test', contracts };
  }
  given.refuseTogether('json', 'format');
  for (const name of ['root', 'catalog']) {
    for (const other of ['home', 'scope']) given.refuseTogether(name, other);
  }
  const now = given.value('now');
  const format = given.value('format');
  return {
    kind: 'packs',
    request: {
      ids: readIds(given),
      contracts,
      ...valuesOf(given, 'root', 'catalog'),
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
  const known = findingsFormats.find((format) => format === name);
  if (known !== undefined) return known;
  throw unknown('format', name, findingsFormats);
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
  // JavaScript reads 30 February as 2 March.
  const exists = new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === day;
  if (!Number.isNaN(time.getTime()) && exists) return time;
  throw new InstallError('E_USAGE', `--now does not understand "${text}".`, {
    remedy: 'Write a day or a time with its zone: 2026-02-22 or 2026-02-22T12:00:00Z.',
    details: { option: 'now', value: text },
  });
}

function refuseBesideSelfTest(given: Arguments): void {
  for (const name of ['root', 'catalog', 'now', 'strict', 'format']) {
    given.refuseTogether('self-test', name);
  }
  const { operands } = given;
  if (operands.length === 0) return;
  throw new InstallError('E_USAGE', '--self-test does not check your packs.', {
    remedy: `Leave out: ${operands.join(' ')}.`,
    details: { operands },
  });
}
