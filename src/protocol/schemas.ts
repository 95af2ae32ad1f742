import agent from '../../schemas/agent.schema.json' with { type: 'json' };
import arbitrationReport from '../../schemas/contracts/arbitration-report.schema.json' with { type: 'json' };
import arbitration from '../../schemas/contracts/arbitration.schema.json' with { type: 'json' };
import blockerTaxonomy from '../../schemas/contracts/blocker-taxonomy.schema.json' with { type: 'json' };
import catalog from '../../schemas/contracts/catalog.schema.json' with { type: 'json' };
import collaborationBoundary from '../../schemas/contracts/collaboration-boundary.schema.json' with { type: 'json' };
import collaborationLog from '../../schemas/contracts/collaboration-log.schema.json' with { type: 'json' };
import collaborationTrigger from '../../schemas/contracts/collaboration-trigger.schema.json' with { type: 'json' };
import escalation from '../../schemas/contracts/escalation.schema.json' with { type: 'json' };
import experienceFeedback from '../../schemas/contracts/experience-feedback.schema.json' with { type: 'json' };
import feedbackRecord from '../../schemas/contracts/feedback-record.schema.json' with { type: 'json' };
import installProvenance from '../../schemas/contracts/install-provenance.schema.json' with { type: 'json' };
import installReport from '../../schemas/contracts/install-report.schema.json' with { type: 'json' };
import installSafety from '../../schemas/contracts/install-safety.schema.json' with { type: 'json' };
import instanceFeedback from '../../schemas/contracts/instance-feedback.schema.json' with { type: 'json' };
import judgement from '../../schemas/contracts/judgement.schema.json' with { type: 'json' };
import meta from '../../schemas/contracts/meta.schema.json' with { type: 'json' };
import phaseReportPlace from '../../schemas/contracts/phase-report-place.schema.json' with { type: 'json' };
import phaseReport from '../../schemas/contracts/phase-report.schema.json' with { type: 'json' };
import protocolReview from '../../schemas/contracts/protocol-review.schema.json' with { type: 'json' };
import reasoningLoop from '../../schemas/contracts/reasoning-loop.schema.json' with { type: 'json' };
import routing from '../../schemas/contracts/routing.schema.json' with { type: 'json' };
import rulebook from '../../schemas/contracts/rulebook.schema.json' with { type: 'json' };
import runtimeState from '../../schemas/contracts/runtime-state.schema.json' with { type: 'json' };
import triggerRegressionReport from '../../schemas/contracts/trigger-regression-report.schema.json' with { type: 'json' };
import triggerRegression from '../../schemas/contracts/trigger-regression.schema.json' with { type: 'json' };
import updateLifecycle from '../../schemas/contracts/update-lifecycle.schema.json' with { type: 'json' };
import currentTask from '../../schemas/current-task.schema.json' with { type: 'json' };
import identityList from '../../schemas/identity-list.schema.json' with { type: 'json' };
import type { PackPath } from '../core/path.ts';

/**
 * The JSON Schemas of the protocol's documents, by their path below `schemas/`. They refer to each
 * other by relative paths, so they work wherever they are copied together.
 */
export const schemaDocuments: ReadonlyMap<PackPath, Readonly<Record<string, unknown>>> = new Map<
  PackPath,
  Readonly<Record<string, unknown>>
>([
  ['agent.schema.json', agent],
  ['contracts/arbitration-report.schema.json', arbitrationReport],
  ['contracts/arbitration.schema.json', arbitration],
  ['contracts/blocker-taxonomy.schema.json', blockerTaxonomy],
  ['contracts/catalog.schema.json', catalog],
  ['contracts/collaboration-boundary.schema.json', collaborationBoundary],
  ['contracts/collaboration-log.schema.json', collaborationLog],
  ['contracts/collaboration-trigger.schema.json', collaborationTrigger],
  ['contracts/escalation.schema.json', escalation],
  ['contracts/experience-feedback.schema.json', experienceFeedback],
  ['contracts/feedback-record.schema.json', feedbackRecord],
  ['contracts/install-provenance.schema.json', installProvenance],
  ['contracts/install-report.schema.json', installReport],
  ['contracts/install-safety.schema.json', installSafety],
  ['contracts/instance-feedback.schema.json', instanceFeedback],
  ['contracts/judgement.schema.json', judgement],
  ['contracts/meta.schema.json', meta],
  ['contracts/phase-report-place.schema.json', phaseReportPlace],
  ['contracts/phase-report.schema.json', phaseReport],
  ['contracts/protocol-review.schema.json', protocolReview],
  ['contracts/reasoning-loop.schema.json', reasoningLoop],
  ['contracts/routing.schema.json', routing],
  ['contracts/rulebook.schema.json', rulebook],
  ['contracts/runtime-state.schema.json', runtimeState],
  ['contracts/trigger-regression-report.schema.json', triggerRegressionReport],
  ['contracts/trigger-regression.schema.json', triggerRegression],
  ['contracts/update-lifecycle.schema.json', updateLifecycle],
  ['current-task.schema.json', currentTask],
  ['identity-list.schema.json', identityList],
]);
