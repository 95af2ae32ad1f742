import agent from '../../schemas/agent.schema.json' with { type: 'json' };
import catalog from '../../schemas/contracts/catalog.schema.json' with { type: 'json' };
import judgement from '../../schemas/contracts/judgement.schema.json' with { type: 'json' };
import meta from '../../schemas/contracts/meta.schema.json' with { type: 'json' };
import protocolReview from '../../schemas/contracts/protocol-review.schema.json' with { type: 'json' };
import reasoningLoop from '../../schemas/contracts/reasoning-loop.schema.json' with { type: 'json' };
import routing from '../../schemas/contracts/routing.schema.json' with { type: 'json' };
import rulebook from '../../schemas/contracts/rulebook.schema.json' with { type: 'json' };
import runtimeState from '../../schemas/contracts/runtime-state.schema.json' with { type: 'json' };
import triggerRegressionReport from '../../schemas/contracts/trigger-regression-report.schema.json' with { type: 'json' };
import triggerRegression from '../../schemas/contracts/trigger-regression.schema.json' with { type: 'json' };
import updateLifecycle from '../../schemas/contracts/update-lifecycle.schema.json' with { type: 'json' };
import currentTask from '../../schemas/current-task.schema.json' with { type: 'json' };
import type { PackPath } from '../core/path.ts';

/**
 * The JSON Schemas of the protocol's documents, by their path below `schemas/`. They refer to
 * each other by relative paths, so they work wherever they are copied to together.
 */
export const schemaDocuments: ReadonlyMap<PackPath, Readonly<Record<string, unknown>>> = new Map<
  PackPath,
  Readonly<Record<string, unknown>>
>([
  ['agent.schema.json', agent],
  ['contracts/catalog.schema.json', catalog],
  ['contracts/judgement.schema.json', judgement],
  ['contracts/meta.schema.json', meta],
  ['contracts/protocol-review.schema.json', protocolReview],
  ['contracts/reasoning-loop.schema.json', reasoningLoop],
  ['contracts/routing.schema.json', routing],
  ['contracts/rulebook.schema.json', rulebook],
  ['contracts/runtime-state.schema.json', runtimeState],
  ['contracts/trigger-regression-report.schema.json', triggerRegressionReport],
  ['contracts/trigger-regression.schema.json', triggerRegression],
  ['contracts/update-lifecycle.schema.json', updateLifecycle],
  ['current-task.schema.json', currentTask],
]);
