import { basename, dirname, resolve } from 'node:path';
import { findBriefSource, type BriefRequest } from '../inspection/brief/brief-source.ts';
import type { ValidateContext } from '../inspection/validate/validate.ts';
import { directoryView } from '../protocol/documents/file-view.ts';
import { briefTitle, compileBrief } from '../protocol/creator/compile-brief.ts';
import { taken } from '../protocol/creator/plan-creation.ts';
import { writeFiles, type WriteContext } from './write-files.ts';

export interface CompileRequest extends BriefRequest {
  /** The file that the brief goes into. */
  readonly output?: string;
}

export interface CompileRun {
  readonly id: string;
  readonly text: string;
  /** Absolute; null when nothing was written. */
  readonly output: string | null;
}

/**
 * Compiles the brief of one identity, for standard output or into a file. Of files that are there
 * only a brief is replaced: it says itself that it is compiled.
 *
 * @throws InstallError E_CREATE_EXISTS, E_ID_REQUIRED, E_NOT_INSTALLED, E_USAGE
 */
export async function compile(
  context: WriteContext,
  looking: ValidateContext,
  request: CompileRequest,
): Promise<CompileRun> {
  const source = await findBriefSource(looking, request);
  const text = compileBrief(source);
  if (request.output === undefined) return { id: source.id, text, output: null };
  const { fs, environment } = context;
  const named = resolve(environment.workingDirectory, request.output);
  const root = fs.realPath(dirname(named));
  const name = basename(named);
  const after = new TextEncoder().encode(text);
  const before = directoryView(fs, root).read(name);
  if (before === undefined) {
    writeFiles(context, root, { create: new Map([[name, after]]), replace: new Map() });
  } else if (!Buffer.from(before).equals(after)) {
    const isBrief = Buffer.from(before).toString('utf8').startsWith(`${briefTitle}\n`);
    if (!isBrief) throw taken(named);
    writeFiles(context, root, { create: new Map(), replace: new Map([[name, { before, after }]]) });
  }
  return { id: source.id, text, output: named };
}
