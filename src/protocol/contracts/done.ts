import { taskBlock, type Subject } from './subject.ts';

/** Whether the task counts as done: its objective says so, or its state machine. */
export function isDone(subject: Subject): boolean {
  const objective = taskBlock(subject, 'objective');
  const machine = taskBlock(subject, 'state_machine');
  return objective?.get('status') === 'done' || machine?.get('current_state') === 'done';
}
