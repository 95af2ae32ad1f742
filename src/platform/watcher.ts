import { watch } from 'node:fs';
import { errnoOf } from '../core/errors.ts';

/** Tells that something in a directory changed. */
export interface Watcher {
  /**
   * Calls `onChange` when a name in the directory comes, goes or changes, and when the directory
   * itself goes; maybe more often than once for one change. Returns what ends it; undefined when the
   * directory cannot be watched: it is not there, or the system has no more watches to give.
   */
  watch(directory: string, onChange: () => void): (() => void) | undefined;
}

/** Watches by the operating system; never keeps the process alive. */
export function createWatcher(): Watcher {
  return {
    watch(directory, onChange) {
      try {
        const watching = watch(directory, { persistent: false }, () => onChange());
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
