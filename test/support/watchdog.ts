import { Worker } from 'node:worker_threads';

/** Of a run, in seconds: far more than any takes on the busiest machine. */
const patience = 600;

/**
 * Looks at what this thread is doing from another, since a call of the system that never comes back
 * (a FIFO that is opened) stops every timer of this one, and with it the timeout of a test.
 */
const program = `
  const { workerData: running } = require('node:worker_threads');
  let [before, since] = [0, 0];
  setInterval(() => {
    const now = Atomics.load(running, 0);
    since = now !== 0 && now === before ? since + 10 : 0;
    before = now;
    if (since >= ${patience}) process.kill(process.pid, 'SIGKILL');
  }, 10_000);`;

const running = new Int32Array(new SharedArrayBuffer(4));
let watcher: Worker | undefined;
let runs = 0;

/** Ends this process where the work neither ends nor fails, so that the tests fail instead of waiting. */
export async function watched<T>(work: () => Promise<T>): Promise<T> {
  if (watcher === undefined) {
    watcher = new Worker(program, { eval: true, workerData: running });
    watcher.unref();
  }
  runs += 1;
  Atomics.store(running, 0, runs);
  try {
    return await work();
  } finally {
    Atomics.store(running, 0, 0);
  }
}
