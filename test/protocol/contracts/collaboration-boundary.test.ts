import { describe, expect, test } from 'vitest';
import {
  removed,
  type FileEdits,
  type PackEdits,
} from '../../../src/protocol/contracts/contract.ts';
import { memoryView } from '../../../src/protocol/documents/file-view.ts';
import { samplePack } from '../../../src/protocol/contracts/samples/sample-pack.ts';
import { createSubject } from '../../../src/protocol/contracts/subject/subject.ts';
import { collaborationBoundary } from '../../../src/protocol/contracts/collaboration-boundary.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';
import { describeMutations } from '../../support/mutations.ts';

const orchestration = (block: object): PackEdits => ({
  task: { '/capability_orchestration_contract': block },
});
const route = (needs: object): PackEdits =>
  orchestration({ task_type_routes: { some_work: { primary_skills: ['s'], ...needs } } });
const needsGit = route({ required_mcp: ['git'] });
/** The pack's own word on what it may use; the valid pack says the same twice. */
const agent = (text: string): FileEdits => ({ 'agents/identity.yaml': text });
const bindings = '/identities/0/capability_bindings/mcp';
const tools = '/identities/0/dependencies/tools';

describeMutations('collaboration-boundary', [
  ['no routes', orchestration({ required: true }), 'BOUNDARY_MISSING'],
  ['an empty set of routes', orchestration({ task_type_routes: {} }), 'BOUNDARY_VALUE'],
  ['routes in a list', orchestration({ task_type_routes: [] }), 'BOUNDARY_TYPE'],
  ['a route that is a text', orchestration({ task_type_routes: { a: 'b' } }), 'BOUNDARY_TYPE'],
  ['needs in a text', route({ required_mcp: 'git' }), 'BOUNDARY_TYPE'],
  ['a need that is a number', route({ required_mcp: [1] }), 'BOUNDARY_TYPE'],
  ['an empty need', route({ required_tools: [''] }), 'BOUNDARY_VALUE'],
  ['a server that nobody names', route({ required_mcp: ['github'] }), 'BOUNDARY_MCP_UNDECLARED'],
  ['a second server', route({ required_mcp: ['git', 'x'] }), 'BOUNDARY_MCP_UNDECLARED'],
  ['the name in capitals', route({ required_mcp: ['Git'] }), 'BOUNDARY_MCP_UNDECLARED'],
  ['a tool taken for a server', route({ required_mcp: ['.'] }), 'BOUNDARY_MCP_UNDECLARED'],
  ['a tool that nobody names', route({ required_tools: ['curl'] }), 'BOUNDARY_TOOL_UNDECLARED'],
  [
    'a skill taken for a tool',
    route({ required_tools: ['sample-skill'] }),
    'BOUNDARY_TOOL_UNDECLARED',
  ],
  [
    'a server that was named before',
    {
      ...needsGit,
      catalog: { [bindings]: [], [`${tools}/1`]: removed },
      files: agent('dependencies:\n  tools: []\n'),
    },
    'BOUNDARY_MCP_UNDECLARED',
  ],
  [
    'a prototype’s member for a server',
    route({ required_mcp: ['constructor'] }),
    'BOUNDARY_MCP_UNDECLARED',
  ],
]);

describe('collaboration-boundary', () => {
  test.each<[string, PackEdits]>([
    [
      'in capability_bindings alone',
      { catalog: { [`${tools}/1`]: removed }, files: agent('interface: {}\n') },
    ],
    [
      'in dependencies of the catalog alone',
      { catalog: { [bindings]: [] }, files: agent('interface: {}\n') },
    ],
    ['by the pack alone', { catalog: { [bindings]: [], [`${tools}/1`]: removed } }],
  ])('accepts a server that is named %s', (_name, edits) => {
    expect(validatePack(samplePack({ ...needsGit, ...edits }))).toEqual([]);
  });

  test('says nothing where nobody says what a pack may use', () => {
    const task = JSON.stringify(samplePack(needsGit).task?.value);
    const pack = memoryView(new Map([['CURRENT_TASK.json', Buffer.from(task)]]));
    const subject = createSubject({ id: 'sample-identity', now: new Date(0), pack });
    expect([...collaborationBoundary.check(subject)]).toEqual([]);
  });
});
