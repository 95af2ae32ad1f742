import { watch } from 'node:fs';
import { errnoOf } from '../core/errors.ts';

/** Reports that something in a directory changed. */
export interface Watcher {
  /**
   * Calls `onChange` with a name in the directory when it appears, disappears or changes, and when
   * the directory itself disappears, without a name or with its own; possibly more than once for
   * one change, and without a name where the system does not report it. Returns a function that
   * stops watching; undefined if the directory cannot be watched: it does not exist, or the system
   * has no more watches.
   */
  watch(directory: string, onChange: (name?: string) => void): (() => void) | undefined;
}

/** Watches by the operating system; never keeps the process alive. */
export function createWatcher(): Watcher {
  return {
    watch(directory, onChange) {
      try {
        const watching = watch(directory, { persistent: false }, (_event, name) =>
          onChange(name ?? undefined),
        );
        watching.on('error', () => {
          watching.close();
          onChange();
        });
        return () => watching.close();
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        return undefined;
      }
    },
  };
}
