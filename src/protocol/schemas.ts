import agent from '../../schemas/agent.schema.json' with { type: 'json' };
import catalog from '../../schemas/contracts/catalog.schema.json' with { type: 'json' };
import meta from '../../schemas/contracts/meta.schema.json' with { type: 'json' };
import routing from '../../schemas/contracts/routing.schema.json' with { type: 'json' };
import runtimeState from '../../schemas/contracts/runtime-state.schema.json' with { type: 'json' };
import currentTask from '../../schemas/current-task.schema.json' with { type: 'json' };
import identityList from '../../schemas/identity-list.schema.json' with { type: 'json' };
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
  ['contracts/meta.schema.json', meta],
  ['contracts/routing.schema.json', routing],
  ['contracts/runtime-state.schema.json', runtimeState],
  ['current-task.schema.json', currentTask],
  ['identity-list.schema.json', identityList],
]);
