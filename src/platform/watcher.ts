import { watch } from 'node:fs';
import { errnoOf } from '../core/errors.ts';

/** Tells that something in a directory changed. */
export interface Watcher {
  /**
   * Calls `onChange` with a name in the directory when it comes, goes or changes, and when the
   * directory itself goes, then without a name or with its own; maybe more often than once for one
   * change, and without a name where the system does not tell it. Returns what ends it; undefined
   * when the directory cannot be watched: it is not there, or the system has no more watches to give.
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
