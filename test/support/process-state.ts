import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** What Linux says of each thread: `<state> <time that it ran>`. */
function threadsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
    // The name may hold spaces and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${fields[0]} ${fields[11]}+${fields[12]}`;
  });
}

/** Done when every thread of the process is stopped by a signal. */
export async function isStopped(pid: number): Promise<void> {
  while (!threadsOf(pid).every((thread) => /^[Tt] /.test(thread))) await pause(5);
}

/**
 * Done when the process only waits for somebody else: each of its threads sleeps, and none of them
 * ran since we looked last. One that is ready to run, on however busy a machine, does not sleep.
 */
export async function isIdle(pid: number): Promise<void> {
  let before = '';
  let same = 0;
  while (same < 5) {
    await pause(20);
    const threads = threadsOf(pid);
    const now = threads.join();
    same = now === before && threads.every((thread) => thread.startsWith('S ')) ? same + 1 : 0;
    before = now;
  }
}
