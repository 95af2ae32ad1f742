import schema from '../../../schemas/contracts/runtime-state.schema.json' with { type: 'json' };
import type { Finding } from '../../core/finding.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { isText, onlyTexts } from './checks/texts.ts';
import { removed, type Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { documentBlock, innerBlock, type Block } from './subject/block.ts';
import { blockNames, blocksOfGate, type Gate } from './subject/gates.ts';
import type { Subject } from './subject/subject.ts';
import { isGated } from './subject/task.ts';

/** The rules are in docs/protocol.md#runtime-state. */
export const runtimeState: Contract = {
  id: 'runtime-state',
  title: 'Every block exists, every required gate has its contract, and the states are known.',
  *check(subject) {
    if (subject.task === undefined) return;
    const task = documentBlock(subject.task);
    if (task === undefined) {
      yield violation('RUNTIME_STATE_NO_OBJECT', subject.task.at(''));
      return;
    }
    yield* schemaFindings('RUNTIME_STATE', task, schema);
    yield* gatesWithoutContract(subject, task);
    const machine = innerBlock(task, 'state_machine');
    if (machine !== undefined) yield* unknownStates(machine);
  },
  samples: [
    {
      name: 'a gate that is optional and has no contract',
      task: { '/gates/ci_enforcement_gate': 'optional' },
      finds: null,
    },
    {
      name: 'another of the allowed states',
      task: { '/state_machine/current_state': 'blocked_offline' },
      finds: null,
    },
    {
      name: 'a required block left out',
      task: { '/source_of_truth': removed },
      finds: 'RUNTIME_STATE_MISSING',
    },
    {
      name: 'a required gate without its contract',
      task: { '/gates/ci_enforcement_gate': 'required' },
      finds: 'RUNTIME_STATE_GATE_WITHOUT_CONTRACT',
    },
    {
      name: 'a state that is not allowed',
      task: { '/state_machine/current_state': 'daydreaming' },
      finds: 'RUNTIME_STATE_STATE_UNKNOWN',
    },
  ],
};

function* gatesWithoutContract(subject: Subject, task: Block): Generator<Finding> {
  for (const [gate, blocks] of Object.entries(blocksOfGate)) {
    if (!isGated(subject, gate as Gate)) continue;
    for (const block of blocks) {
      if (blockNames(block).some((name) => task.get(name) !== undefined)) continue;
      yield violation('RUNTIME_STATE_GATE_WITHOUT_CONTRACT', task.at('gates', gate), gate, block);
    }
  }
}

function* unknownStates(machine: Block): Generator<Finding> {
  const allowed = onlyTexts(machine.get('allowed_states'));
  if (allowed.length === 0) return;
  const current = machine.get('current_state');
  if (isText(current) && !allowed.includes(current)) {
    yield violation('RUNTIME_STATE_STATE_UNKNOWN', machine.at('current_state'), current);
  }
  for (const [index, rule] of onlyTexts(machine.get('transition_rules')).entries()) {
    const place = machine.at('transition_rules', index);
    const states = rule.split('->').map((state) => state.trim());
    if (states.length !== 2) yield violation('RUNTIME_STATE_RULE_UNREADABLE', place, rule);
    else if (!states.every((state) => allowed.includes(state))) {
      const unknown = states.filter((state) => !allowed.includes(state)).join('" and "');
      yield violation('RUNTIME_STATE_STATE_UNKNOWN', place, unknown);
    }
  }
}
