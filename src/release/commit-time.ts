import { storeDirectory, type StoreContext } from './context.ts';

/**
 * When a commit of the store was made, as it says itself; undefined where there is no such commit,
 * or it does not say, or was made here, of a directory or an archive: those are of no time.
 */
export async function commitTime(context: StoreContext, commit: string): Promise<Date | undefined> {
  const reader = context.git.openObjects(storeDirectory(context), 'stream', context.signal);
  const pieces: Buffer[] = [];
  try {
    for await (const parts of reader.read([commit])) {
      for (const part of parts) if (part.kind === 'data') pieces.push(Buffer.from(part.bytes));
    }
  } finally {
    await reader.close();
  }
  const [, seconds] =
    /^committer .* (\d{1,12}) [+-]\d{4}$/m.exec(Buffer.concat(pieces).toString()) ?? [];
  return Number(seconds ?? 0) === 0 ? undefined : new Date(Number(seconds) * 1000);
}
