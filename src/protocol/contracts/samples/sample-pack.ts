import { parseJson } from '../../../core/bounded-json.ts';
import { parseYaml } from '../../../core/bounded-yaml.ts';
import { InstallError } from '../../../core/errors.ts';
import type { PackPath } from '../../../core/path.ts';
import { catalogPath } from '../../catalog.ts';
import { packDirectory } from '../../creator/places.ts';
import { scaffoldRepository } from '../../creator/scaffold-repository.ts';
import { jsonText } from '../../creator/text.ts';
import { memoryView, viewBelow } from '../../documents/file-view.ts';
import { blockText } from '../../yaml-splice.ts';
import type { FileEdits, JsonEdits, PackEdits } from '../contract.ts';
import { createSubject, type Subject } from '../subject/subject.ts';
import { editJson } from './json-edits.ts';

/** The identity, and the time, of the valid pack that samples differ from. */
const sampleId = 'sample-identity';
const sampleTime = new Date('2026-02-22T12:00:00Z');

const packRoot = packDirectory(sampleId);

type Files = ReadonlyMap<PackPath, Uint8Array>;

let scaffolded: Files | undefined;

/** The valid pack in its repository: what the creator writes. */
function validFiles(): Files {
  return (scaffolded ??= scaffoldRepository({
    id: sampleId,
    title: 'Sample identity',
    description: 'Shows what a valid pack looks like.',
    objective: 'Be valid until somebody changes something.',
    owner: 'somebody',
    tags: ['sample'],
    skills: ['sample-skill'],
    mcpServers: ['git'],
    now: sampleTime,
  }));
}

/**
 * The valid pack with changes, as a contract gets it.
 *
 * @throws InstallError E_BUG for an edit without a target
 */
export function samplePack(edits: PackEdits = {}): Subject {
  const { task, json = {}, catalog, files = {}, repository = {}, base, incoming = false } = edits;
  const { others = {}, brought } = edits;
  let all = validFiles();
  const documents = { ...json, ...(task && { 'CURRENT_TASK.json': task }) };
  for (const [path, changes] of Object.entries(documents)) {
    all = withJson(all, `${packRoot}/${path}`, changes);
  }
  if (catalog !== undefined) all = withCatalog(all, catalog);
  all = withFiles(withFiles(all, repository, ''), files, `${packRoot}/`);
  const besides = Object.entries(others).map(
    ([path, kind]) => [`${packRoot}/${path}`, kind] as const,
  );
  const root = memoryView(all, '', new Map(besides));
  return createSubject({
    id: sampleId,
    now: sampleTime,
    incoming,
    pack: viewBelow(root, packRoot),
    catalog: { path: catalogPath, root },
    ...(brought !== undefined && { brought: new Set(brought) }),
    ...(base !== undefined && {
      base: viewBelow(memoryView(withFiles(validFiles(), base, `${packRoot}/`)), packRoot),
    }),
  });
}

/** The text of a file of the valid pack, for samples that change it themselves. */
export function sampleText(path: PackPath): string {
  return new TextDecoder().decode(bytesAt(validFiles(), `${packRoot}/${path}`));
}

function withJson(files: Files, path: PackPath, edits: JsonEdits): Files {
  const value = editJson(parseJson(bytesAt(files, path), { path }), edits);
  return withFiles(files, { [path]: jsonText(value) }, '');
}

function withCatalog(files: Files, edits: JsonEdits): Files {
  const path = catalogPath;
  const value = editJson(parseYaml(bytesAt(files, path), { path }), edits);
  return withFiles(files, { [path]: blockText(value) }, '');
}

function withFiles(files: Files, edits: FileEdits, below: string): Files {
  const changed = new Map(files);
  for (const [name, contents] of Object.entries(edits)) {
    const path = `${below}${name}`;
    if (contents === null) {
      if (!changed.delete(path)) throw noFile(path);
    } else {
      changed.set(
        path,
        typeof contents === 'string' ? new TextEncoder().encode(contents) : contents,
      );
    }
  }
  return changed;
}

function bytesAt(files: Files, path: PackPath): Uint8Array {
  const bytes = files.get(path);
  if (bytes === undefined) throw noFile(path);
  return bytes;
}

function noFile(path: PackPath): InstallError {
  return new InstallError('E_BUG', `A sample changes ${path}, which the valid pack does not have.`);
}
