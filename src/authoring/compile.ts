import { basename, dirname, resolve } from 'node:path';
import { directoryView } from '../protocol/documents/file-view.ts';
import { briefTitle, compileBrief, type BriefSource } from '../protocol/creator/compile-brief.ts';
import { taken } from '../protocol/creator/plan-creation.ts';
import { writeFiles, type WriteContext } from './write-files.ts';

/** What a brief is compiled from, and where it goes. */
export interface CompileInput {
  readonly source: BriefSource;
  /** The file that the brief goes into; relative to the working directory. */
  readonly output?: string | undefined;
}

export interface CompileRun {
  readonly id: string;
  readonly text: string;
  /** Absolute; null if nothing was written. */
  readonly output: string | null;
}

/**
 * Compiles the brief of one identity, for standard output or into a file. An existing file is
 * replaced only if it is a brief, which is recognised by its first line.
 *
 * @throws InstallError E_CREATE_EXISTS; the operating system's own errors
 */
export function compile(context: WriteContext, { source, output }: CompileInput): CompileRun {
  const text = compileBrief(source);
  if (output === undefined) return { id: source.id, text, output: null };
  const { fs, environment } = context;
  const path = resolve(environment.workingDirectory, output);
  const root = fs.realPath(dirname(path));
  const name = basename(path);
  const after = new TextEncoder().encode(text);
  const before = directoryView(fs, root).read(name);
  if (before === undefined) {
    writeFiles(context, root, { create: new Map([[name, after]]), replace: new Map() });
  } else if (!Buffer.from(before).equals(after)) {
    const isBrief = Buffer.from(before).toString('utf8').startsWith(`${briefTitle}\n`);
    if (!isBrief) throw taken(path);
    writeFiles(context, root, { create: new Map(), replace: new Map([[name, { before, after }]]) });
  }
  return { id: source.id, text, output: path };
}
