import schema from '../../../schemas/contracts/collaboration-boundary.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { isReadable, type Document, type UnreadableDocument } from '../documents/document.ts';
import { isMembers, member } from '../documents/members.ts';
import { readYamlDocument } from '../documents/yaml-document.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { textItems, texts } from './checks/texts.ts';
import type { Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { innerBlock, type Block } from './subject/block.ts';
import { catalogDocument } from './subject/listing.ts';
import type { Subject } from './subject/subject.ts';
import { taskBlock } from './subject/task.ts';

const agentPath = 'agents/identity.yaml';

const sampleRoute = (needs: object) => ({
  '/capability_orchestration_contract': {
    required: true,
    task_type_routes: { objective_work: { primary_skills: ['sample-skill'], ...needs } },
  },
});

/**
 * docs/protocol.md#collaboration-boundary. The skill routes are those of
 * `capability_orchestration_contract`; its catalog entry and its `agents/identity.yaml` say what a
 * pack may use. Without both, nothing can be checked.
 */
export const collaborationBoundary: Contract = {
  id: 'collaboration-boundary',
  title: 'A skill grants nothing: permissions must name everything that its route needs.',
  *check(subject) {
    const block = taskBlock(subject, 'capability_orchestration_contract');
    if (block === undefined) return;
    yield* schemaFindings('BOUNDARY', block, schema);
    const routes = innerBlock(block, 'task_type_routes');
    const granted = grants(subject);
    if (routes === undefined || granted === undefined) return;
    for (const name of Object.keys(routes.members)) {
      const route = innerBlock(routes, name);
      if (route !== undefined) yield* undeclared(route, name, granted);
    }
  },
  samples: [
    {
      name: 'a route with a server that the catalog names',
      task: sampleRoute({ required_mcp: ['git'] }),
      finds: null,
    },
    {
      name: 'a route with a tool that the catalog names',
      task: sampleRoute({ required_tools: ['.'] }),
      finds: null,
    },
    {
      name: 'a route with a server that nobody named',
      task: sampleRoute({ required_mcp: ['git', 'github'] }),
      finds: 'BOUNDARY_MCP_UNDECLARED',
    },
    {
      name: 'a route with a tool that nobody named',
      task: sampleRoute({ required_tools: ['DEPLOY_TOKEN'] }),
      finds: 'BOUNDARY_TOOL_UNDECLARED',
    },
  ],
};

interface Grants {
  readonly mcp: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
}

/** What catalog entry and agent file permit together; undefined if both are missing. */
function grants({ id, catalog, pack }: Subject): Grants | undefined {
  const entries = (member(valueOf(catalog && catalogDocument(catalog)), 'identities') ??
    []) as unknown;
  const entry = Array.isArray(entries)
    ? (entries as unknown[]).find((item) => member(item, 'id') === id)
    : undefined;
  const sources = [entry, agentFile(pack)].filter(isMembers);
  if (sources.length === 0) return undefined;
  const mcp = new Set<string>();
  const tools = new Set<string>();
  for (const source of sources) {
    for (const server of texts(member(member(source, 'capability_bindings'), 'mcp'))) {
      mcp.add(server);
    }
    const declared = member(member(source, 'dependencies'), 'tools');
    for (const tool of Array.isArray(declared) ? (declared as unknown[]) : []) {
      const value = member(tool, 'value');
      if (typeof value !== 'string') continue;
      if (member(tool, 'type') === 'mcp') mcp.add(value);
      else tools.add(value);
    }
  }
  return { mcp, tools };
}

function agentFile(pack: Subject['pack']): unknown {
  const bytes = pack.read(agentPath);
  return valueOf(bytes && readYamlDocument(bytes, pack.show(agentPath)));
}

function valueOf(document: Document | UnreadableDocument | undefined): unknown {
  return document && isReadable(document) ? document.value : undefined;
}

function* undeclared(route: Block, name: string, { mcp, tools }: Grants): Generator<Finding> {
  for (const { index, text: server } of textItems(route.get('required_mcp'))) {
    if (mcp.has(server)) continue;
    yield violation('BOUNDARY_MCP_UNDECLARED', route.at('required_mcp', index), name, server);
  }
  for (const { index, text: tool } of textItems(route.get('required_tools'))) {
    if (tools.has(tool) || mcp.has(tool)) continue;
    yield violation('BOUNDARY_TOOL_UNDECLARED', route.at('required_tools', index), name, tool);
  }
}
