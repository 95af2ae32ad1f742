import schema from '../../../schemas/contracts/routing.schema.json' with { type: 'json' };
import { schemaFindings } from './checks/schema-check.ts';
import { removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { innerBlock } from './subject/block.ts';
import { taskBlock } from './subject/task.ts';

/** The rules are in docs/protocol.md#routing. */
export const routing: Contract = {
  id: 'routing',
  title: 'Problems are routed automatically, and a capability gap leads to the creator.',
  *check(subject) {
    const block = taskBlock(subject, 'routing_contract');
    if (block === undefined) return;
    yield* schemaFindings('ROUTING', block, schema);
    const routes = innerBlock(block, 'problem_type_routes');
    const updates = taskBlock(subject, 'identity_update_lifecycle_contract') !== undefined;
    const gap = routes?.get('capability_gap');
    if (!updates || (Array.isArray(gap) && gap.includes('identity-creator'))) return;
    if (routes !== undefined) {
      yield violation('ROUTING_GAP_WITHOUT_CREATOR', routes.at('capability_gap'));
    }
  },
  samples: [
    {
      name: 'a second route',
      task: { '/routing_contract/problem_type_routes/other': ['some-skill'] },
      finds: null,
    },
    {
      name: 'no fallback named',
      task: { '/routing_contract/fallback_switch_after_failures': removed },
      finds: null,
    },
    {
      name: 'routing switched off',
      task: { '/routing_contract/auto_route_enabled': false },
      finds: 'ROUTING_VALUE',
    },
    {
      name: 'a route that leads nowhere',
      task: { '/routing_contract/problem_type_routes/other': [] },
      finds: 'ROUTING_VALUE',
    },
    {
      name: 'a capability gap that does not reach the creator',
      task: { '/routing_contract/problem_type_routes/capability_gap': ['some-skill'] },
      finds: 'ROUTING_GAP_WITHOUT_CREATOR',
    },
  ],
};
