import { join } from 'node:path';
import { InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { redactAddress } from '../core/redact.ts';
import type { Environment } from '../platform/environment.ts';
import type { ReadFileSystem } from '../platform/file-system.ts';
import type { Source } from './source.ts';
import { localPath, localSource } from './source-local.ts';
import { parseAddress } from './source-address.ts';

/** The releases that come with this program. */
const starter = 'starter';

export interface SourceOptions {
  readonly fs: ReadFileSystem;
  readonly environment: Environment;
  /** Accept `http://`, whose data anyone on the way can change. */
  readonly allowHttp?: boolean | undefined;
}

const shorthand = /^([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))\/([A-Za-z0-9._-]{1,100})$/;

/**
 * What a `--from` string means. In this order: `starter`; an address with a scheme or in scp form
 * (`git@host:path`); what begins with `/`, `./`, `../` or `~/`, a path; what exists, a path;
 * `owner/repo`, a repository on GitHub. So a directory `acme/packs` below the working directory
 * hides the repository of that name; `https://github.com/acme/packs` always means the latter.
 * Relative paths start at the working directory.
 *
 * @throws E_SOURCE_INVALID, E_SOURCE_FORBIDDEN, E_SOURCE_FOREIGN, E_SOURCE_NOT_PROTOCOL
 *   (docs/hostile-input.md#source-strings)
 */
export function parseSource(text: string, options: SourceOptions): Source {
  refuseUnsafeText(text);
  if (text === starter) return starterSource(options.environment);
  const address = parseAddress(text, options.allowHttp ?? false);
  if (address?.kind === 'git') return address;
  const path = address?.path ?? localPath(text, options);
  if (path !== undefined) return localSource(path, options);
  const [, owner, name] = shorthand.exec(text) ?? [];
  if (owner !== undefined && name !== undefined && !/^\.+$/.test(name)) {
    const repository = name.replace(/\.git$/, '');
    const url = `https://github.com/${owner}/${repository}.git`;
    return { kind: 'git', url, allowHttp: false };
  }
  const shown = redactAddress(text);
  throw new InstallError(
    'E_SOURCE_INVALID',
    `There is nothing at the source: ${printable(shown)}`,
    {
      remedy:
        'Give a git address (https://…, ssh://…, git@host:path), owner/repo, or an existing repository, bundle, directory or .tar.gz.',
      details: { source: shown },
    },
  );
}

/** The embedded releases. Their existence is checked when they are read. */
function starterSource(environment: Environment): Source {
  const path = join(environment.packageDirectory, 'dist', 'starter.bundle');
  return { kind: 'starter', url: starter, path };
}

function refuseUnsafeText(text: string): void {
  if (text === '' || text.length > 4096) {
    throw new InstallError(
      'E_SOURCE_INVALID',
      'The source is empty or longer than 4096 characters.',
      {
        remedy: 'Give a git address, owner/repo, or a path.',
      },
    );
  }
  const shown = printable(redactAddress(text));
  if (printable(text) !== text) {
    throw new InstallError(
      'E_SOURCE_FORBIDDEN',
      `The source holds control or invisible characters: ${shown}`,
      { remedy: 'Type the address again instead of pasting it.', details: { source: shown } },
    );
  }
  if (text.startsWith('-')) {
    throw new InstallError('E_SOURCE_FORBIDDEN', `The source looks like an option: ${shown}`, {
      remedy: 'Write a path that begins with a dash as ./-name.',
      details: { source: shown },
    });
  }
}
