import type { ValidateRun } from '../../src/inspection/validate/validate.ts';
import type { ContractFinding } from '../../src/protocol/contracts/validate.ts';

/** A finding about line 3 of the task of `helper`, and what the test says otherwise. */
export function finding(given: Partial<ContractFinding> = {}): ContractFinding {
  return {
    contract: 'routing',
    code: 'ROUTING_VALUE',
    severity: 'error',
    path: 'identity/packs/helper/CURRENT_TASK.json',
    pointer: '/routing_contract/auto_route_enabled',
    line: 3,
    column: 5,
    message: 'auto_route_enabled is not true.',
    ...given,
  };
}

/** `helper` and what two contracts found in it. */
export function validation(
  findings: readonly ContractFinding[],
  catalog: readonly ContractFinding[] = [],
): ValidateRun {
  const all = [...catalog, ...findings];
  const number = (severity: string) => all.filter((one) => one.severity === severity).length;
  return {
    kind: 'repository',
    root: '/r',
    catalog: 'identity/catalog/identities.yaml',
    now: '2026-02-22T12:00:00.000Z',
    contracts: [
      { id: 'catalog', title: 'The catalog is complete.' },
      { id: 'routing', title: 'Problems are routed.' },
    ],
    findings: catalog,
    identities: [{ id: 'helper', pack: 'identity/packs/helper', findings }],
    counts: { error: number('error'), warn: number('warn'), info: number('info') },
  };
}
