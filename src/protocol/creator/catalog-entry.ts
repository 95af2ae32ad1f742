import type { Members } from '../documents/members.ts';
import { packDirectory } from './places.ts';
import type { PackDescription } from './pack-options.ts';
import { creatorSkill, installerSkill, methodologyVersion, notifyChannel } from '../vocabulary.ts';

/** The entry of a pack in the catalog of its repository, keys in the usual order. */
export function catalogEntry(pack: PackDescription): Members & { readonly id: string } {
  const { id, title, description, owner, tags, skills, mcpServers } = pack;
  return {
    id,
    title,
    description,
    status: 'active',
    owner,
    methodology_version: methodologyVersion,
    pack_path: packDirectory(id),
    tags,
    capability_bindings: {
      skills: [...new Set([creatorSkill, installerSkill, ...skills])],
      mcp: mcpServers,
    },
    governance: {
      hard_guardrails: ['no-done-without-consistent-evidence', 'no-irreversible-step-unasked'],
      escalation: { offline_blockers_only: true, notify_channel: notifyChannel },
    },
    ...entryBlocks(pack),
  };
}

/** The blocks that the catalog and `agents/identity.yaml` have in common. */
export function entryBlocks({ id, title, description, objective, mcpServers }: PackDescription) {
  return {
    interface: {
      display_name: title,
      short_description: description,
      default_prompt: `Act as ${id}: ${objective}`,
    },
    policy: {
      allow_implicit_activation: true,
      activation_priority: 50,
      conflict_resolution: 'priority_then_objective',
    },
    dependencies: {
      tools: [
        {
          type: 'filesystem_scope',
          value: '.',
          description: 'Read and write the project that the task is about.',
        },
        ...mcpServers.map((value) => ({
          type: 'mcp',
          value,
          description: `Needed for the objective; without ${value} the identity says so and stops.`,
        })),
      ],
    },
    observability: {
      event_topics: ['task.started', 'task.verified', 'task.blocked'],
      required_artifacts: ['runtime/reports/**'],
    },
  };
}
