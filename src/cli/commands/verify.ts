import { exitCodes, type ExitCode } from '../../core/error-codes.ts';
import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { VerifiedFiles } from '../../inspection/verify/compare.ts';
import { verifyOptionTexts } from '../../inspection/verify/options.ts';
import type { VerifyHomeRun } from '../../inspection/verify/verify-home.ts';
import type { VerifyRequest, VerifyRun } from '../../inspection/verify/verify.ts';
import type { Arguments } from '../options/arguments.ts';
import { globalGroups } from '../options/global-options.ts';
import { readIds } from '../options/operands.ts';
import type { OptionGroup } from '../options/option.ts';
import { defineCommand } from '../command/command.ts';

const verifyGroup: OptionGroup = {
  title: 'What',
  options: [
    {
      name: 'all',
      kind: 'flag',
      describe: 'everything in the home, and what can still be trusted',
    },
    {
      name: 'expect-head',
      kind: 'value',
      value: '<sha256>',
      describe: `${verifyOptionTexts.expectHead}; otherwise exit 6`,
    },
    {
      name: 'report',
      kind: 'flag',
      describe: "publish the protocol's report of it, where the pack expects it",
    },
  ],
};

type Asked =
  | {
      readonly kind: 'identities';
      readonly request: VerifyRequest;
      /** Publish the protocol's report. */
      readonly report: boolean;
    }
  | { readonly kind: 'home'; readonly request: Pick<VerifyRequest, 'expectHead'> };

export const verify = defineCommand<Asked, VerifyRun | VerifyHomeRun>({
  usage: ['identity verify [id..] [options]', 'identity verify --all [options]'],
  about:
    'Hashes every installed file and compares it with the record, and checks the evidence, ' +
    'the snapshots and the ledger of the installer. Reads only; with --report it publishes the ' +
    "protocol's report of the verification. Without ids: every installed identity. --all checks " +
    'everything in the home, continues after problems, and ends with what can still be ' +
    'trusted and undone.',
  options: [verifyGroup, ...globalGroups],
  examples: [
    ['identity verify', 'every installed identity'],
    ['identity verify code-reviewer --json', 'one of them, for a program to read'],
    ['identity verify --all', 'the whole home, every snapshot and the head of the ledger'],
  ],
  exits: [
    [exitCodes.done, 'everything is as it was installed'],
    [exitCodes.findings, 'files were changed or are missing, or an operation was interrupted'],
  ],
  schemas: ['verify-result', 'verify-home-result'],
  parse: readRequest,
  schemaOf: ({ kind }) => (kind === 'home' ? 'verify-home-result' : 'verify-result'),
  run: async (asked, { composition }) => {
    const { request } = asked;
    if (asked.kind === 'home') {
      const { verifyHome } = await import('../../inspection/verify/verify-home.ts');
      return await verifyHome(composition.looking.openHome(), request);
    }
    if (asked.report) {
      const { reportVerification } =
        await import('../../operations/verification/report-verification.ts');
      return await reportVerification(composition.openHome(), asked.request);
    }
    const { verify: run } = await import('../../inspection/verify/verify.ts');
    return await run(composition.looking.openHome(), asked.request);
  },
  exitCode: (run) => {
    if ('problems' in run) return exitCodeOf(run.problems, run.identities);
    const problems = run.identities.flatMap((identity) => identity.problems);
    const found = exitCodeOf(problems, run.identities);
    return found === exitCodes.done && run.pending.length > 0 ? exitCodes.findings : found;
  },
  text: async (run, _asked, context) => {
    if ('problems' in run) {
      const { renderVerifyHome } = await import('../render/verify-home-text.ts');
      return renderVerifyHome(run, context);
    }
    const { renderVerify } = await import('../render/verify-text.ts');
    return renderVerify(run, context);
  },
});

/** 6 if our own records fail verification, 1 for drift and for warnings, otherwise 0. */
function exitCodeOf(
  problems: readonly Pick<Finding, 'severity'>[],
  identities: readonly { readonly files: VerifiedFiles | null }[],
): ExitCode {
  if (problems.some(({ severity }) => severity === 'error')) return exitCodes.integrity;
  const drift = identities.some(
    ({ files }) => files !== null && (files.modified.length > 0 || files.missing.length > 0),
  );
  const warned = problems.some(({ severity }) => severity === 'warn');
  return drift || warned ? exitCodes.findings : exitCodes.done;
}

/** @throws InstallError E_USAGE, E_ID_INVALID, E_ID_RESERVED */
function readRequest(given: Arguments): Asked {
  const head = given.value('expect-head');
  const expected = head === undefined ? {} : { expectHead: checkHead(head) };
  if (!given.flag('all')) {
    return {
      kind: 'identities',
      request: { ids: readIds(given), ...expected },
      report: given.flag('report'),
    };
  }
  given.refuseTogether('all', 'report');
  const { operands } = given;
  if (operands.length === 0) return { kind: 'home', request: expected };
  throw new InstallError('E_USAGE', '--all checks the whole home, not single identities.', {
    remedy: `Leave out --all, or: ${operands.join(' ')}.`,
    details: { operands },
  });
}

/** As `identity history` prints it, or in the upper case of other tools. */
function checkHead(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InstallError('E_USAGE', `--expect-head is not a valid SHA-256: "${text}".`, {
    remedy: 'It is 64 hex digits, as "identity history" and "identity verify --all" print it.',
    details: { option: 'expect-head', value: text },
  });
}
