import { resolve } from 'node:path';
import { errnoOf, InstallError } from '../core/errors.ts';
import { steps } from '../core/remedy.ts';
import { directoryView } from '../protocol/documents/file-view.ts';
import { planCreation } from '../protocol/creator/plan-creation.ts';
import type { PackOptions } from '../protocol/creator/pack-options.ts';
import { writeFiles, type WriteContext } from './write-files.ts';

export interface CreateRequest extends Omit<PackOptions, 'now'> {
  /** The root of the protocol repository; default: the working directory. */
  readonly root?: string;
  readonly makeDefault: boolean;
}

export interface CreateRun {
  /** Absolute. */
  readonly root: string;
  readonly id: string;
  /** The directory of the pack, relative to the root. */
  readonly pack: string;
  /** What was written, relative to the root, in order. */
  readonly files: readonly { readonly path: string; readonly action: 'created' | 'changed' }[];
}

/**
 * Writes a new identity into a protocol repository, or starts a new repository with it: the pack,
 * its entry in the catalog, the schemas. Existing files are not overwritten; the catalog gets an
 * entry and keeps every other byte.
 *
 * @throws InstallError E_CREATE_EXISTS, E_CREATE_TEXT, E_ID_TAKEN, E_CATALOG_INVALID, E_USAGE
 */
export function create(
  context: WriteContext & { readonly now: Date },
  request: CreateRequest,
): CreateRun {
  const { fs, environment, now } = context;
  const { root: directory = '.', ...options } = request;
  const root = directoryAt(context, resolve(environment.workingDirectory, directory));
  const plan = retryWhenTaken(() => {
    const planned = planCreation(directoryView(fs, root), { ...options, now });
    writeFiles(context, root, planned);
    return planned;
  });
  const paths = (files: ReadonlyMap<string, unknown>) => [...files.keys()].sort();
  return {
    root,
    id: plan.id,
    pack: plan.pack,
    files: [
      ...paths(plan.create).map((path) => ({ path, action: 'created' as const })),
      ...paths(plan.replace).map((path) => ({ path, action: 'changed' as const })),
    ],
  };
}

/**
 * Another run may be creating files at the same time, so an attempt that meets existing files is
 * repeated up to three times.
 */
function retryWhenTaken<T>(attempt: () => T): T {
  for (let left = 3; ; left -= 1) {
    try {
      return attempt();
    } catch (error) {
      const inTheWay = error instanceof InstallError && error.code === 'E_CREATE_EXISTS';
      if (!inTheWay || left === 0) throw error;
    }
  }
}

function directoryAt({ fs }: WriteContext, path: string): string {
  try {
    const real = fs.realPath(path);
    if (fs.stat(real)?.kind === 'directory') return real;
  } catch (cause) {
    if (errnoOf(cause) === undefined) throw cause;
  }
  throw new InstallError('E_USAGE', `${path} is not a directory.`, {
    remedy: steps('Create that directory first.', {
      kind: 'option',
      option: 'root',
      to: 'create the identity in another repository',
    }),
    details: { root: path },
  });
}
