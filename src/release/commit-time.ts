import { storeDirectory, type StoreContext } from './context.ts';

/**
 * The time that a commit of the store records; undefined if there is no such commit, if it records
 * none, or if this program created it from a directory or an archive, which have no time.
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
