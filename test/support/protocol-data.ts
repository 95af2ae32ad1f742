import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { list } from 'tar';
import { temporaryDirectory } from './temporary-directory.ts';

/** Releases of the real protocol repository; kept beside the checkout, not in it. */
export const bundle = fileURLToPath(
  new URL('../../../shared/data/protocol-data.bundle', import.meta.url),
);

export const hasProtocolData = existsSync(bundle);
/** For `describe.skipIf`: the reason stands in the title of what was skipped. */
export const protocolDataTitle = hasProtocolData
  ? 'real releases'
  : `real releases (skipped: ${bundle} is not there)`;

export interface ProtocolData {
  readonly tags: readonly string[];
  readonly paths: (tag: string) => string[];
  /** Undefined where the release has no such file. */
  readonly file: (tag: string, path: string) => Buffer | undefined;
  /** Every file of a release. */
  readonly files: (tag: string) => ReadonlyMap<string, Buffer>;
}

/** The regular files of an archive. */
function filesOf(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  list({
    sync: true,
    onReadEntry: (entry) => {
      if (entry.type !== 'File') return;
      const chunks: Buffer[] = [];
      entry.on('data', (chunk) => chunks.push(chunk));
      entry.on('end', () => files.set(entry.path, Buffer.concat(chunks)));
    },
  }).end(archive);
  return files;
}

/** A clone of the bundle, gone when the running test is over. */
export function openProtocolData(): ProtocolData {
  const repository = join(temporaryDirectory(), 'p.git');
  execFileSync('git', ['clone', '--quiet', '--mirror', bundle, repository], { stdio: 'pipe' });
  const git = (...args: string[]): Buffer =>
    execFileSync('git', ['-C', repository, ...args], { stdio: 'pipe', maxBuffer: 2 ** 28 });
  const lines = (output: Buffer): string[] =>
    output
      .toString()
      .split(/[\n\0]/)
      .filter(Boolean);
  const paths = (tag: string): string[] => lines(git('ls-tree', '-rz', '--name-only', tag));
  return {
    tags: lines(git('tag')),
    paths,
    files: (tag) => filesOf(git('archive', '--format=tar', tag)),
    file: (tag, path) => (paths(tag).includes(path) ? git('show', `${tag}:${path}`) : undefined),
  };
}
