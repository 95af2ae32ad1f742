import { ownMember } from '../../../core/own-member.ts';

/**
 * The blocks of `CURRENT_TASK.json` that a gate needs when it is `required`
 * (docs/protocol.md#gates).
 */
export const blocksOfGate = {
  protocol_baseline_review_gate: ['protocol_review_contract'],
  identity_update_gate: ['identity_update_lifecycle_contract', 'trigger_regression_contract'],
  collaboration_trigger_gate: ['blocker_taxonomy_contract', 'collaboration_trigger_contract'],
  experience_feedback_gate: ['experience_feedback_contract'],
  install_safety_gate: ['install_safety_contract'],
  install_provenance_gate: ['install_provenance_contract'],
  arbitration_gate: ['capability_arbitration_contract'],
  orchestration_gate: ['capability_orchestration_contract'],
  knowledge_acquisition_gate: ['knowledge_acquisition_contract'],
  ci_enforcement_gate: ['ci_enforcement_contract'],
} as const satisfies Record<string, readonly string[]>;

export type Gate = keyof typeof blocksOfGate;

/**
 * Blocks with two names: the protocol’s guide uses another one than the packs of real releases.
 */
const otherNames: Readonly<Record<string, string>> = {
  experience_feedback_contract: 'instance_feedback_contract',
};

/** The names that a block may have in `CURRENT_TASK.json`, the usual one first. */
export function blockNames(block: string): readonly string[] {
  return [block, ownMember(otherNames, block)].filter((name) => name !== undefined);
}
