/** Something to be done later. */
export interface Timer {
  /** Returns a function that cancels it. */
  after(milliseconds: number, act: () => void): () => void;
}

/** Waits without keeping the process alive. */
export const systemTimer: Timer = {
  after: (milliseconds, act) => {
    const timeout = setTimeout(act, milliseconds);
    timeout.unref();
    return () => clearTimeout(timeout);
  },
};
