import { expect } from 'vitest';
import type { OperationContext } from '../../src/operations/context.ts';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import { mutatingCalls, type FileSystem } from '../../src/platform/file-system.ts';
import type { HeldLock } from '../../src/platform/lock.ts';
import { Crash } from './failing-file-system.ts';
import type { Scene } from './scene.ts';

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

/** The process dies right before the first call that touches the instance. */
function dyingAtFirstTouch({ instance }: Scene): FileSystem {
  const disk = createDiskFileSystem();
  let dead = false;
  const calls = Object.entries(disk).map(([name, call]: [string, unknown]) => [
    name,
    (...args: readonly unknown[]) => {
      const reading = !mutatingCalls.some((mutation) => mutation === name) && name !== 'sync';
      const touches = args.some((arg) => typeof arg === 'string' && arg.startsWith(instance));
      dead ||= touches && !reading;
      if (dead) throw new Crash(name);
      return (call as (...all: readonly unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(calls) as FileSystem;
}

/** A step of a process that dies there. */
export async function diesAtFirstTouch(
  scene: Scene,
  step: (context: OperationContext) => Promise<unknown>,
): Promise<void> {
  const { context, die } = mortal(scene.through(dyingAtFirstTouch(scene)));
  await expect(step(context)).rejects.toThrow(Crash);
  die();
}
