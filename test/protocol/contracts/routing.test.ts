import { removed } from '../../../src/protocol/contracts/contract.ts';
import { describeMutations } from '../../support/mutations.ts';

const routes = '/routing_contract/problem_type_routes';

describeMutations('routing', [
  ['no switch', { task: { '/routing_contract/auto_route_enabled': removed } }, 'ROUTING_MISSING'],
  ['routing off', { task: { '/routing_contract/auto_route_enabled': false } }, 'ROUTING_VALUE'],
  [
    'a switch in words',
    { task: { '/routing_contract/auto_route_enabled': 'true' } },
    'ROUTING_VALUE',
  ],
  ['no routes', { task: { [routes]: removed } }, 'ROUTING_MISSING'],
  ['routes in a list', { task: { [routes]: [] } }, 'ROUTING_TYPE'],
  ['a route that is a text', { task: { [`${routes}/objective_work`]: 'me' } }, 'ROUTING_TYPE'],
  ['a route to nowhere', { task: { [`${routes}/objective_work`]: [] } }, 'ROUTING_VALUE'],
  ['a route to nobody', { task: { [`${routes}/objective_work/0`]: '' } }, 'ROUTING_VALUE'],
  ['a route to a number', { task: { [`${routes}/objective_work/0`]: 1 } }, 'ROUTING_TYPE'],
  [
    'a fallback after no failure',
    { task: { '/routing_contract/fallback_switch_after_failures': 0 } },
    'ROUTING_VALUE',
  ],
  [
    'no route for a gap',
    { task: { [`${routes}/capability_gap`]: removed } },
    'ROUTING_GAP_WITHOUT_CREATOR',
  ],
  [
    'a gap that does not reach the creator',
    { task: { [`${routes}/capability_gap`]: ['x'] } },
    'ROUTING_GAP_WITHOUT_CREATOR',
  ],
]);
