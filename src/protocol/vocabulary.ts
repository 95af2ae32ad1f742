/**
 * Words of the protocol that several parts of a pack share (docs/protocol.md#contracts).
 */

export const humanBlockers = [
  'login_required',
  'captcha_required',
  'session_expired',
  'manual_verification_required',
] as const;

/** Files that an update of an identity always touches. */
export const patchSurfaces = [
  'CURRENT_TASK.json',
  'IDENTITY_PROMPT.md',
  'RULEBOOK.jsonl',
  'TASK_HISTORY.md',
] as const;

/** Contracts that an update is validated against. */
export const updateChecks = [
  'pack-files',
  'runtime-state',
  'judgement',
  'reasoning-loop',
  'routing',
  'rulebook',
  'protocol-review',
  'update-lifecycle',
  'trigger-regression',
] as const;

/** What is reviewed before an identity's abilities change: its contracts' schemas, and MCP. */
export const reviewSources = [
  {
    type: 'repository_file',
    repo: 'protocol-repository',
    path: 'identity/schemas/current-task.schema.json',
  },
  { type: 'official_doc', url: 'https://modelcontextprotocol.io/specification/latest' },
] as const;

export const notifyChannel = 'ops-notification-router';
export const creatorSkill = 'identity-creator';
export const installerSkill = 'identity-installer';
export const methodologyVersion = 'v1.0';

export function taskIdOf(id: string): string {
  return `${id}_first_task`;
}
