import { InstallError } from '../../../core/errors.ts';
import { install } from '../../../operations/install/install.ts';
import { installOptionTexts } from '../../../operations/install/options.ts';
import { count, input, list, object, oneOf, orNull, sha256, text } from '../json-schema.ts';
import { sentence } from '../sentence.ts';
import type { Tool } from '../tool.ts';
import {
  cut,
  findingOf,
  findingSchema,
  operationOf,
  operationSchema,
  releaseOf,
  releaseSchema,
} from './shapes.ts';

export const installTool: Tool<{ readonly plan_digest: string }> = {
  name: 'identity_install',
  title: 'Install an identity',
  description:
    'Applies exactly the plan that identity_plan_install has shown, or nothing: when anything has ' +
    'changed since, it is refused. Everything that is overwritten or removed can be brought back.',
  writes: true,
  locksHome: true,
  reachesOut: true,
  inputSchema: input(
    { plan_digest: { ...sha256, description: sentence(installOptionTexts.planDigest) } },
    ['plan_digest'],
  ),
  outputSchema: object({
    id: text(),
    outcome: oneOf(['done', 'nothing-to-do']),
    release: releaseSchema,
    operation: orNull(operationSchema),
    findings: list(findingSchema),
    omitted: count('How many findings the list leaves out.'),
  }),
  run: async ({ plan_digest: planDigest }, { context, plans }) => {
    const request = plans.install.recall(planDigest);
    const run = await install(context, { ...request, planDigest });
    const [identity] = run.identities;
    if (identity === undefined) throw new InstallError('E_BUG', 'An install had no outcome.');
    const { id, outcome, operation } = identity;
    const { shown, omitted } = cut(run.findings);
    return {
      id,
      outcome,
      release: releaseOf(run.release),
      operation: operation && operationOf(operation),
      findings: shown.map(findingOf),
      omitted,
    };
  },
};
