import type { CommitImport, ImportedFile } from '../git.ts';
import { storeFailure } from './failure.ts';
import { startGit, type GitEnd } from './process.ts';
import type { ProcessVariables } from './settings.ts';

/** Author and date are constants, so that equal content is an equal commit on every machine. */
const committer = 'committer identity-install <import@identity-install.invalid> 0 +0000';
const message = 'Imported by identity-install\n';

/**
 * One `git fast-import`. Bytes go in as they are: no filter, attribute or end-of-line setting
 * applies to it. The pack and the ref appear together, at the end, or not at all.
 */
export function startFastImport(options: {
  readonly store: string;
  readonly variables: ProcessVariables;
  readonly signal?: AbortSignal | undefined;
}): CommitImport {
  const { store } = options;
  const running = startGit({
    // Without `done` at the end of its input it discards everything.
    args: ['fast-import', '--quiet', '--done', '--force', '--depth=0', '--date-format=raw'],
    variables: options.variables,
    where: store,
    signal: options.signal,
    input: true,
  });
  const { stdin } = running;
  if (stdin === null) throw new Error('fast-import has no standard input');
  const answer: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => answer.push(chunk));
  let marks = 0;

  return {
    blob(bytes) {
      marks += 1;
      stdin.write(`blob\nmark :${marks}\ndata ${bytes.byteLength}\n`);
      stdin.write(bytes);
      stdin.write('\n');
      return marks;
    },
    async drained() {
      if (!stdin.writableNeedDrain) return;
      await new Promise<void>((resolve, reject) => {
        stdin.once('drain', resolve);
        running.ended.then(() => resolve(), reject);
      });
    },
    async commit(ref, files) {
      marks += 1;
      const lines = [
        `commit ${ref}`,
        `mark :${marks}`,
        committer,
        `data ${Buffer.byteLength(message)}`,
        message + files.map(fileLine).join(''),
        `get-mark :${marks}`,
        'done',
        '',
      ];
      stdin.end(lines.join('\n'));
      const end = await running.ended;
      const commit = Buffer.concat(answer).toString('latin1').trim();
      if (end.exitCode !== 0 || !/^[0-9a-f]{40,64}$/.test(commit)) throw failed(end);
      return commit;
    },
    async abort() {
      running.stop();
      await running.ended;
    },
  };

  function failed(end: GitEnd): Error {
    return storeFailure(store, end.stderr === '' ? 'fast-import gave no commit' : end.stderr);
  }
}

function fileLine({ mode, blob, path }: ImportedFile): string {
  const quoted = path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `M ${mode} :${blob} "${quoted}"\n`;
}
