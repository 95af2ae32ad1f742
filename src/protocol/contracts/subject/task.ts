import { member } from '../../documents/members.ts';
import { documentBlock, innerBlock, type Block } from './block.ts';
import type { Gate } from './gates.ts';
import type { Subject } from './subject.ts';

/** A block of `CURRENT_TASK.json`; undefined if it is missing or not an object. */
export function taskBlock({ task }: Subject, key: string): Block | undefined {
  const all = task && documentBlock(task);
  return all && innerBlock(all, key);
}

/** Whether a gate of the task is the string `required` (docs/protocol.md#gates). */
export function isGated({ task }: Subject, gate: Gate): boolean {
  return member(member(task?.value, 'gates'), gate) === 'required';
}

/** Whether the task counts as done: its objective says so, or its state machine. */
export function isDone(subject: Subject): boolean {
  const objective = taskBlock(subject, 'objective');
  const machine = taskBlock(subject, 'state_machine');
  return objective?.get('status') === 'done' || machine?.get('current_state') === 'done';
}
