import { resolve } from 'node:path';
import { errnoOf, InstallError } from '../../core/errors.ts';
import { directoryView } from '../../protocol/contracts/file-view.ts';
import { planCreation } from '../../protocol/creator/plan-creation.ts';
import type { CreateRequest, CreateRun } from './use-cases.ts';
import { writeFiles, type WriteContext } from './write-files.ts';

/**
 * Writes a new identity into a protocol repository, or begins one with it: the pack, its entry in
 * the catalog, the schemas. No file that is there is written over; the catalog gets an entry and
 * keeps every other byte.
 */
export function create(
  context: WriteContext & { readonly now: Date },
  request: CreateRequest,
): CreateRun {
  const { fs, environment, now } = context;
  const { root: named = '.', ...options } = request;
  const root = directoryAt(context, resolve(environment.workingDirectory, named));
  const plan = planCreation(directoryView(fs, root), { ...options, now });
  writeFiles(context, root, plan);
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

function directoryAt({ fs }: WriteContext, path: string): string {
  try {
    const real = fs.realPath(path);
    if (fs.stat(real)?.kind === 'directory') return real;
  } catch (cause) {
    if (errnoOf(cause) === undefined) throw cause;
  }
  throw new InstallError('E_USAGE', `${path} is no directory.`, {
    hint: 'Make it, or name the root of a protocol repository with --root.',
    details: { root: path },
  });
}
