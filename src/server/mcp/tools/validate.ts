import { InstallError } from '../../../core/errors.ts';
import { validateOptionTexts } from '../../../inspection/validate/options.ts';
import type { ValidateRequest } from '../../../inspection/validate/packs-to-validate.ts';
import { readOnly } from '../../../platform/files/read-only.ts';
import { contractIds, type ContractId } from '../../../protocol/contracts/contract.ts';
import { count, identityId, input, list, object, oneOf, orNull, text } from '../json-schema.ts';
import { sentence } from '../sentence.ts';
import type { Tool } from '../tool.ts';
import { cut, findingOf, findingSchema } from './shapes.ts';

interface Input {
  readonly ids?: readonly string[];
  readonly contracts?: readonly ContractId[];
  readonly root?: string;
  readonly now?: string;
}

const contractFinding = {
  ...findingSchema,
  properties: { contract: text(), ...findingSchema.properties },
};

export const validateTool: Tool<Input> = {
  name: 'identity_validate',
  title: 'Validate identities',
  description:
    'Checks packs against the contracts of the identity protocol: the installed ones, or those of ' +
    'a protocol repository. Problems are returned as findings; reads only.',
  writes: false,
  locksHome: false,
  reachesOut: false,
  inputSchema: input({
    ids: list(identityId, 'Default: all of them.'),
    contracts: list(oneOf(contractIds, sentence(validateOptionTexts.contracts))),
    root: text(sentence(validateOptionTexts.root, '; default: the instances of the home')),
    now: text(sentence(validateOptionTexts.now, '; default: the clock')),
  }),
  outputSchema: object({
    root: text('Absolute: the repository, or the home.'),
    now: text('UTC, ISO 8601.'),
    contracts: list(text(), 'Those that were checked.'),
    counts: object({ error: count(), warn: count(), info: count() }),
    catalog: list(contractFinding, 'About the catalog that the packs share; the first thousand.'),
    identities: list(
      object({
        id: text(),
        pack: orNull(text()),
        findings: list(contractFinding),
        omitted: count('How many findings the list leaves out.'),
      }),
    ),
  }),
  run: async ({ ids = [], contracts = [], root, now }, { context }) => {
    const { validate } = await import('../../../inspection/validate/validate.ts');
    const fs = readOnly(context.fs);
    const looking = { fs, environment: context.environment, openHome: () => ({ ...context, fs }) };
    const request: ValidateRequest = {
      ids,
      contracts,
      inHome: root === undefined,
      now: now === undefined ? context.clock.now() : timeOf(now),
      ...(root !== undefined && { root }),
    };
    const run = await validate(looking, request);
    return {
      root: run.root,
      now: run.now,
      contracts: run.contracts.map(({ id }) => id),
      counts: run.counts,
      catalog: cut(run.findings).shown.map(contractFindingOf),
      identities: run.identities.map(({ id, pack, findings }) => {
        const { shown, omitted } = cut(findings);
        return { id, pack, findings: shown.map(contractFindingOf), omitted };
      }),
    };
  },
};

function contractFindingOf(
  finding: Parameters<typeof findingOf>[0] & { contract: string },
): object {
  return { contract: finding.contract, ...findingOf(finding) };
}

/** A time without a zone would mean different times on different machines. */
function timeOf(text: string): Date {
  const form = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;
  const time = new Date(form.test(text) ? text : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InstallError('E_USAGE', `now is not a valid time: "${text}".`, {
    remedy: 'Write a day or a time with its zone: 2026-02-22 or 2026-02-22T12:00:00Z.',
    details: { argument: 'now', value: text },
  });
}
