import type { Git, ObjectPart } from '../../src/platform/git.ts';

/**
 * A git that asks the real one each question once. A sweep runs one operation on one release
 * thousands of times, and some processes for each would take most of its time.
 */
export function rememberingGit(git: Git): Git {
  const answers = new Map<string, Promise<unknown>>();
  const once = <T>(question: readonly unknown[], ask: () => Promise<T>): Promise<T> => {
    const key = JSON.stringify(question);
    const known = answers.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const asked = ask();
    answers.set(key, asked);
    return asked;
  };
  return {
    ...git,
    refs: (...args) => once(['refs', ...args], () => git.refs(...args)),
    updateRefs: (store, updates) =>
      once(['updateRefs', store, [...updates]], () => git.updateRefs(store, updates)),
    remoteRefs: (remote, kinds) =>
      once(['remoteRefs', remote, kinds], () => git.remoteRefs(remote, kinds)),
    fetch: (store, remote, request) =>
      once(['fetch', store, remote, request], () => git.fetch(store, remote, request)),
    openObjects: (store, mode) => ({
      async *read(names) {
        yield* await once(['objects', store, names], async () => {
          const reader = git.openObjects(store, mode);
          const parts: ObjectPart[][] = [];
          for await (const some of reader.read(names)) parts.push(some.map(copied));
          await reader.close();
          return parts;
        });
      },
      close: () => Promise.resolve(),
    }),
  };
}

/** What an answer holds is valid only until the next one. */
function copied(part: ObjectPart): ObjectPart {
  return part.kind === 'data' ? { ...part, bytes: Buffer.from(part.bytes) } : part;
}
