import type { OperationContext } from '../../src/operations/context.ts';
import type { HeldLock } from '../../src/platform/lock.ts';

/**
 * A context whose process can die. A dead process gives its kernel lock back; within one process
 * the test has to do that.
 */
export function mortal(context: OperationContext): {
  readonly context: OperationContext;
  readonly die: () => void;
} {
  let held: HeldLock | undefined;
  const locks: OperationContext['locks'] = {
    tryLock(path, holder) {
      const attempt = context.locks.tryLock(path, holder);
      if (attempt.kind === 'held') held = attempt.lock;
      return attempt;
    },
  };
  return { context: { ...context, locks }, die: () => held?.release() };
}
