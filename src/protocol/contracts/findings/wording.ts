/**
 * The messages of all contract findings, in one place. The code is the stable name; its parameters
 * are what the message needs.
 */

type Words = (...args: never[]) => string;

/** Findings of a contract beyond those of its JSON Schema. */
export const wording = {
  // every contract
  FINDINGS_MORE: (count: number, isCut: boolean, listed: number) =>
    `The contract finds ${isCut ? 'more than ' : ''}${count} more; only the first ${listed} are listed.`,

  // catalog
  CATALOG_UNREADABLE: (problem: string) => `The catalog cannot be used: ${sentence(problem)}`,
  CATALOG_NO_MAPPING: () => 'The catalog is not a mapping.',
  CATALOG_ID_TWICE: (id: string) => `The id "${id}" is listed twice.`,
  CATALOG_DEFAULT_UNKNOWN: (id: string) => `The default identity "${id}" is not listed.`,
  CATALOG_PACK_PATH_UNSAFE: (path: string) =>
    `pack_path "${path}" is not a plain path below the catalog's root.`,
  CATALOG_PACK_MISSING: (path: string) => `There is no pack at "${path}".`,
  CATALOG_PACK_UNLISTED: (id: string) => `The catalog does not list "${id}".`,

  // pack-files
  PACK_FILE_MISSING: (path: string) => `The pack has no ${path}.`,
  PACK_FILE_UNREADABLE: (isTooLarge: boolean) =>
    isTooLarge ? 'The file is too large for a document.' : 'The file cannot be read.',
  PACK_ENTRY_NO_FILE: (what: string) =>
    `It is ${what}, which is neither read nor installed; put a regular file in its place.`,
  PACK_FILE_UNPARSEABLE: (problem: string) => `The file cannot be used: ${sentence(problem)}`,
  PACK_META_NO_MAPPING: () => 'META.yaml is not a mapping.',
  PACK_META_ID_MISMATCH: (own: string, id: string) =>
    `META.yaml says that the pack is "${own}", not "${id}".`,
  PACK_META_GLOB_UNUSABLE: (glob: string, problem: string) =>
    `The glob "${glob}" cannot be used: ${sentence(problem)}`,

  // runtime-state
  RUNTIME_STATE_NO_OBJECT: () => 'CURRENT_TASK.json is not an object.',
  RUNTIME_STATE_GATE_WITHOUT_CONTRACT: (gate: string, block: string) =>
    `The gate ${gate} is required, but there is no ${block}.`,
  RUNTIME_STATE_STATE_UNKNOWN: (state: string) => `"${state}" is not one of the allowed states.`,
  RUNTIME_STATE_RULE_UNREADABLE: (rule: string) =>
    `The transition rule "${rule}" does not have the form "a -> b".`,

  // judgement
  JUDGEMENT_PATTERN_UNUSABLE: patternUnusable,
  JUDGEMENT_RECORD_NO_OBJECT: recordNoObject,
  JUDGEMENT_DONE_UNPROVEN: (pattern: string) =>
    `The task is done, but no run report matches "${pattern}".`,
  JUDGEMENT_DONE_WITHOUT_EVIDENCE: (kind: string) =>
    `The task is done, but the newest run report has no ${kind}.`,
  JUDGEMENT_DONE_INCONSISTENT: (key: string) =>
    `The task is done, but ${key} of the newest run report contradicts this.`,

  // reasoning-loop
  REASONING_LOOP_PATTERN_UNUSABLE: patternUnusable,
  REASONING_LOOP_RECORD_NO_OBJECT: recordNoObject,
  REASONING_LOOP_NO_ATTEMPTS: () => 'The trace has no attempts.',
  REASONING_LOOP_ATTEMPT_NO_OBJECT: () => 'The attempt is not an object.',
  REASONING_LOOP_FIELD_MISSING: (nth: number, field: string) => `Attempt ${nth} has no ${field}.`,
  REASONING_LOOP_TARGET_NOT_REACHED: (outcome: string) =>
    `The task is done, but its newest trace ends with "${outcome}".`,

  // rulebook
  RULEBOOK_NOT_FOUND: (path: string) => `There is no rulebook at "${path}".`,
  RULEBOOK_EMPTY: () => 'The rulebook has no rules.',
  RULEBOOK_LINE_UNPARSEABLE: (problem: string) => `The rule cannot be used: ${sentence(problem)}`,
  RULEBOOK_LINE_NO_OBJECT: () => 'The rule is not an object.',
  RULEBOOK_FIELD_MISSING: (field: string) => `The rule has no ${field}.`,
  RULEBOOK_TYPE_MISSING: (type: string) => `The rulebook has no ${type} rule.`,
  RULEBOOK_REWRITTEN: () =>
    'The rulebook is append-only, but what was installed has been changed or removed from here on.',

  // protocol-review
  PROTOCOL_REVIEW_PATTERN_UNUSABLE: patternUnusable,
  PROTOCOL_REVIEW_NO_RECORD: noRecord,
  PROTOCOL_REVIEW_RECORD_NO_OBJECT: recordNoObject,
  PROTOCOL_REVIEW_SOURCE_UNNAMED: () => 'The source has neither repo and path nor a url.',
  PROTOCOL_REVIEW_SOURCE_UNREVIEWED: (signature: string) =>
    `The newest review does not cover ${signature}.`,
  PROTOCOL_REVIEW_FIELD_MISSING: (field: string) => `The newest review has no ${field}.`,
  PROTOCOL_REVIEW_TIME_UNREADABLE: () =>
    'The time of the newest review must have a zone, as 2026-02-22T12:00:00Z does.',
  PROTOCOL_REVIEW_STALE: (problem: string) => `The newest review ${problem}.`,

  // update-lifecycle
  UPDATE_LIFECYCLE_PATTERN_UNUSABLE: patternUnusable,
  UPDATE_LIFECYCLE_NO_RECORD: noRecord,
  UPDATE_LIFECYCLE_RECORD_NO_OBJECT: recordNoObject,
  UPDATE_LIFECYCLE_CHECK_UNKNOWN: (check: string) =>
    `"${check}" is neither the id of a contract nor a scripts/validate_*.py of the protocol.`,
  UPDATE_LIFECYCLE_CHECK_MISSING: (id: string, script: string) =>
    `The required checks name neither ${id} nor ${script}.`,
  UPDATE_LIFECYCLE_REPLAY_FIELD_MISSING: (field: string) => `The newest replay has no ${field}.`,
  UPDATE_LIFECYCLE_REPLAY_OTHER_IDENTITY: (id: string) => `The newest replay is not about "${id}".`,
  UPDATE_LIFECYCLE_REPLAY_NOT_PASSED: () => 'The newest replay has not passed.',
  UPDATE_LIFECYCLE_SURFACE_UNPATCHED: (file: string) =>
    `The newest replay does not list ${file} as patched.`,
  UPDATE_LIFECYCLE_CHECK_NOT_PASSED: (check: string) =>
    `The newest replay does not list ${check} as passed.`,

  // trigger-regression
  TRIGGER_REGRESSION_PATTERN_UNUSABLE: patternUnusable,
  TRIGGER_REGRESSION_NO_RECORD: noRecord,
  TRIGGER_REGRESSION_RECORD_NO_OBJECT: recordNoObject,
  TRIGGER_REGRESSION_OTHER_IDENTITY: (id: string) => `The newest report is not about "${id}".`,
  TRIGGER_REGRESSION_RESULT_WRONG: (computed: string) =>
    `By its expected and observed outcome, this is a ${computed}.`,
  TRIGGER_REGRESSION_SUMMARY_WRONG: (key: string, total: string) =>
    `According to the cases of the report, ${key} is ${total}.`,
  TRIGGER_REGRESSION_NOT_PASSED: () => 'The newest report has failures.',

  // routing
  ROUTING_GAP_WITHOUT_CREATOR: () =>
    'The route "capability_gap" does not lead to identity-creator, although the pack has an update lifecycle.',

  // collaboration-trigger
  COLLABORATION_CHANNEL_UNKNOWN: (channel: string) =>
    `notify_channel "${channel}" is neither the protocol's router nor one that the route "human_collab_required" names.`,
  COLLABORATION_LOGS_TOO_FEW: (found: number, least: number) =>
    tooFew('collaboration log', found, least),
  COLLABORATION_LOG_ID_MISMATCH: (own: string, wanted: string) =>
    `The log is about "${own}", not "${wanted}".`,
  COLLABORATION_LOG_BLOCKER_UNKNOWN: (type: string) =>
    `The taxonomy of blockers does not contain "${type}".`,
  COLLABORATION_LOG_CHANNEL: (wanted: string) => `The notification was not sent over "${wanted}".`,
  COLLABORATION_LOG_ORDER: () => 'The notification was sent before the blocker was detected.',
  COLLABORATION_LOG_STALE: (problem: string) => `The log ${problem}.`,

  // install-safety
  INSTALL_UNREPORTED: (pattern: string) => `There is no install report at "${pattern}".`,
  INSTALL_REPORT_ID_MISMATCH: (own: string, id: string) =>
    `The report is about "${own}", not "${id}".`,
  INSTALL_REPORT_PAIR: (conflict: string, action: string) =>
    `"${conflict}" cannot be combined with "${action}".`,
  INSTALL_REPORT_WITHOUT_BACKUP: (key: string) =>
    `Something was replaced, but ${key} leads nowhere.`,
  INSTALL_PROVENANCE_OPERATION_MISSING: (operation: string) =>
    `No file that matches the path pattern reports the operation "${operation}".`,
  INSTALL_PROVENANCE_STALE: (operation: string) =>
    `The newest report of the operation "${operation}" is older than 24 hours.`,

  // instance-feedback
  FEEDBACK_LOGS_TOO_FEW: (found: number, least: number) => tooFew('feedback log', found, least),
  FEEDBACK_LOG_ID_MISMATCH: (own: string, id: string) =>
    `The feedback is about "${own}", not "${id}".`,
  FEEDBACK_LOG_SENSITIVE_KEY: (key: string) =>
    `"${key}" is on the denylist, and its value is not redacted.`,
  FEEDBACK_LOG_SECRET: (pointer: string) => `The value at ${pointer} looks like a credential.`,
  FEEDBACK_LOG_STALE: (problem: string, least: number) =>
    `The feedback ${problem}; at least ${least} ${least === 1 ? 'log' : 'logs'} must be recent.`,
  FEEDBACK_RETENTION_STALE: (days: number) =>
    `The feedback is kept longer than the ${days} days of retention_days.`,

  // arbitration
  ARBITRATION_UNRECORDED: (pattern: string) => `There is no record of a decision at "${pattern}".`,
  ARBITRATION_ID_MISMATCH: (own: string, id: string) =>
    `The decision is about "${own}", not "${id}".`,
  ARBITRATION_DENYLIST_GAP: (path: string) => `The denylist does not cover "${path}".`,
  ARBITRATION_ALLOWLIST_TOO_WIDE: (path: string) =>
    `"${path}" is not a rulebook, task history or log, and must not be patched unasked.`,
  ARBITRATION_UPGRADE_MISMATCH: (wanted: boolean, reasons: string) =>
    wanted
      ? `upgrade_required is false, but the metrics reach the threshold of ${reasons}.`
      : 'upgrade_required is true, but the metrics reach none of the thresholds.',

  // escalation
  ESCALATION_HUMAN_UNNAMED: () =>
    'Email is sent for blockers that need a person, but human_collab_blockers names none.',
  ESCALATION_CONTRADICTION: (blocker: string) =>
    `"${blocker}" is listed both as a reason for an email and under do_not_email_for.`,
  ESCALATION_NOT_OFFLINE: (blocker: string) =>
    `"${blocker}" needs a person in the conversation; it is not an offline blocker.`,
  ESCALATION_BLOCKER_UNKNOWN: (blocker: string) =>
    `The taxonomy of blockers does not contain "${blocker}".`,

  // collaboration-boundary
  BOUNDARY_MCP_UNDECLARED: (route: string, server: string) =>
    `The route "${route}" needs the MCP server "${server}", which neither dependencies.tools nor capability_bindings.mcp names.`,
  BOUNDARY_TOOL_UNDECLARED: (route: string, tool: string) =>
    `The route "${route}" needs the tool "${tool}", which dependencies.tools does not name.`,

  // phase-report
  PHASE_REPORTS_TOO_FEW: (found: number, least: number) => tooFew('phase report', found, least),
  PHASE_REPORT_METRIC_UNTRACED: (name: string) => `The metric ${name} has no trace ids.`,
  PHASE_REPORT_GATE_BYPASSED: () => 'An execution path bypasses the runtime gate.',
  PHASE_REPORT_CROSS_TENANT: () => 'An access across tenants succeeds.',
  PHASE_REPORT_CYCLE: (phases: string) => `The phases depend on each other: ${phases}.`,
  PHASE_REPORT_REWRITTEN: () =>
    'The report was changed or removed after it was installed; reports are append-only.',
} as const satisfies Record<string, Words>;

function patternUnusable(pattern: string, problem: string): string {
  return `The pattern "${pattern}" cannot be used: ${sentence(problem)}`;
}

function noRecord(pattern: string): string {
  return `Nothing matches "${pattern}".`;
}

function recordNoObject(): string {
  return 'The record is not an object.';
}

function tooFew(what: string, found: number, least: number): string {
  const some = found === 1 ? `1 ${what}` : `${found === 0 ? 'no' : found} ${what}s`;
  return `The path pattern matches ${some}; at least ${least} must exist.`;
}

/** A problem in another module's words, with a subject and exactly one full stop. */
function sentence(text: string): string {
  const clause = text.replace(/^(?=(?:is|begins|contains|has) )/, 'it ');
  return `${clause.replace(/\.$/, '')}.`;
}

/** The message of a JSON Schema error, by the kind of its finding (`schema-check.ts`). */
export const schemaWording = {
  MISSING: (what: string) => `${what} is missing.`,
  TYPE: (what: string, wanted: string) => `${what} is not of type ${wanted}.`,
  VALUE: (what: string, wanted: string) => `${what} ${wanted}.`,
  UNKNOWN: (what: string) => `${what} is not expected here.`,
} as const satisfies Record<string, Words>;

export type FindingCode = keyof typeof wording;
export type SchemaFindingKind = keyof typeof schemaWording;
