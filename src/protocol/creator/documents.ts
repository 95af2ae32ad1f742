import { identityFromPack } from './places.ts';
import type { PackDescription } from './pack-options.ts';
import { day, utc, yamlText } from './text.ts';
import { entryBlocks } from './catalog-entry.ts';
import { methodologyVersion } from '../vocabulary.ts';

/** `META.yaml`: the pack's description of itself. */
export function metaFile({ id, title, description }: PackDescription): string {
  const meta = {
    id,
    title,
    description,
    status: 'active',
    methodology_version: methodologyVersion,
  };
  return yamlText(meta, `${identityFromPack}/schemas/contracts/meta.schema.json`);
}

/** `agents/identity.yaml`: how a client shows and activates the identity. */
export function agentFile(pack: PackDescription): string {
  return yamlText(entryBlocks(pack), `../${identityFromPack}/schemas/agent.schema.json`);
}

/** `TASK_HISTORY.md`. */
export function historyFile({ now }: PackDescription): string {
  return `# Task history

One entry per finished task, newest last. Entries are appended, never rewritten.

### ${day(now)} pack created

- Prompt, contracts and first rules written from a scaffold; nothing has run yet.
- Records marked \`"sample": true\` under \`runtime\` show shapes. No run stands behind them.
`;
}

/** `RULEBOOK.jsonl`: a rule of each type, true of every identity. */
export function rulebookFile({ id, now }: PackDescription): string {
  const rule = (type: 'negative' | 'positive', trigger: string, action: string, scope: string) =>
    JSON.stringify({
      rule_id: `${id}-${type.slice(0, 3)}-001`,
      type,
      trigger,
      action,
      evidence_run_id: `scaffold-${day(now)}`,
      scope,
      confidence: 'medium',
      updated_at: utc(now),
    });
  const rules = [
    rule(
      'negative',
      'done_claimed_while_evidence_disagrees',
      'name the evidence that disagrees and recheck before the state becomes done',
      'judgement',
    ),
    rule(
      'positive',
      'attempt_failed',
      'write down what the failure rules out before the next hypothesis',
      'reasoning',
    ),
  ];
  return `${rules.join('\n')}\n`;
}
