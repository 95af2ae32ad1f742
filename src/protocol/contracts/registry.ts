import { arbitration } from './arbitration.ts';
import { catalog } from './catalog.ts';
import { collaborationBoundary } from './collaboration-boundary.ts';
import { collaborationTrigger } from './collaboration-trigger.ts';
import { contractIds, type Contract, type ContractId } from './contract.ts';
import { escalation } from './escalation.ts';
import { installSafety } from './install-safety.ts';
import { instanceFeedback } from './instance-feedback.ts';
import { judgement } from './judgement.ts';
import { packFiles } from './pack-files.ts';
import { phaseReport } from './phase-report.ts';
import { protocolReview } from './protocol-review.ts';
import { reasoningLoop } from './reasoning-loop.ts';
import { routing } from './routing.ts';
import { rulebook } from './rulebook.ts';
import { runtimeState } from './runtime-state.ts';
import { triggerRegression } from './trigger-regression.ts';
import { updateLifecycle } from './update-lifecycle.ts';

/**
 * The contracts that are checked, in the order of `contractIds`. They load the schema validator:
 * code that does not always check imports this module (or `validate.ts`) only when it is needed.
 */
export const contracts: readonly Contract[] = [
  catalog,
  packFiles,
  runtimeState,
  routing,
  collaborationTrigger,
  installSafety,
  instanceFeedback,
  arbitration,
  escalation,
  collaborationBoundary,
  phaseReport,
  judgement,
  reasoningLoop,
  rulebook,
  protocolReview,
  updateLifecycle,
  triggerRegression,
].sort((left, right) => order(left.id) - order(right.id));

/** The place of a contract among all. */
function order(id: ContractId): number {
  return contractIds.indexOf(id);
}
