import schema from '../../../schemas/contracts/meta.schema.json' with { type: 'json' };
import { documentText } from '../../core/document.ts';
import type { Finding } from '../../core/finding.ts';
import { globProblem } from '../../core/glob.ts';
import { isIdentityId } from '../../core/identity-id.ts';
import type { PackPath } from '../../core/path.ts';
import {
  isReadable,
  orUnreadable,
  textLimits,
  type Document,
  type UnreadableDocument,
} from '../documents/document.ts';
import { isDocument, type DirectoryMember, type FileView } from '../documents/file-view.ts';
import { readJsonDocument } from '../documents/json-document.ts';
import { isMembers } from '../documents/members.ts';
import { readYamlDocument } from '../documents/yaml-document.ts';
import { requiredPackFiles } from '../pack-manifest.ts';
import { schemaFindings } from './checks/schema-check.ts';
import { isText } from './checks/texts.ts';
import type { Contract } from './contract.ts';
import { violation } from './findings/finding.ts';
import { documentBlock, innerBlock, type Block } from './subject/block.ts';
import { locate, type LocatedFile } from './subject/locate.ts';
import type { Subject } from './subject/subject.ts';

const metaPath = 'META.yaml';

/**
 * docs/protocol.md#pack-files. Every document of the pack is read, and those that its contracts
 * name elsewhere, so that no other contract has to report one that cannot be parsed. `rulebook`
 * checks the lines of a rulebook.
 */
export const packFiles: Contract = {
  id: 'pack-files',
  title: 'The required files exist, everything can be read, and META.yaml names this identity.',
  *check(subject) {
    const { pack } = subject;
    const entries = [...allEntries(pack)];
    const there = new Set(entries.map(({ path }) => path));
    for (const path of requiredPackFiles) {
      if (!there.has(path)) yield violation('PACK_FILE_MISSING', { path: pack.show(path) }, path);
    }
    const read = new Set<string>();
    for (const { path, kind, tooLarge = false } of entries) {
      const shown = pack.show(path);
      if (kind !== 'file') {
        if (!isUsersOwn(path, subject)) {
          yield violation('PACK_ENTRY_NO_FILE', { path: shown }, nameOf(kind));
        }
        continue;
      }
      read.add(shown);
      // A file that is not a document may be as large as the installer accepts.
      if (tooLarge && !isDocument(path)) continue;
      yield* unreadable(pack.read(path), shown, tooLarge);
    }
    for (const { bytes, shown } of namedElsewhere(subject)) {
      if (read.has(shown)) continue;
      read.add(shown);
      yield* unreadable(bytes, shown);
    }
    yield* meta(subject);
  },
  samples: [
    { name: 'a file of the author’s own', files: { 'notes/plan.md': '# Plan\n' }, finds: null },
    {
      name: 'globs for the installer',
      files: {
        'META.yaml': 'id: "sample-identity"\ninstall:\n  local:\n    - "notes/**"\n',
      },
      finds: null,
    },
    {
      name: 'no prompt',
      files: { 'IDENTITY_PROMPT.md': null },
      finds: 'PACK_FILE_MISSING',
    },
    {
      name: 'a record that is cut off',
      files: { 'runtime/logs/cut-off.json': '{"half": ' },
      finds: 'PACK_FILE_UNPARSEABLE',
    },
    {
      name: 'links of the user in an instance',
      others: { 'notes.md': 'link', 'runtime/socket': 'special' },
      brought: ['IDENTITY_PROMPT.md', 'runtime/logs/x.json'],
      finds: null,
    },
    {
      name: 'a link in a pack that is to be released',
      others: { 'shared.md': 'link' },
      finds: 'PACK_ENTRY_NO_FILE',
    },
    {
      name: 'a picture that is too large to be read',
      others: { 'picture.png': 'large' },
      finds: null,
    },
    {
      name: 'a record that is too large to be read',
      others: { 'runtime/logs/endless.json': 'large' },
      finds: 'PACK_FILE_UNREADABLE',
    },
    {
      name: 'a link in place of a directory that the release brought',
      others: { reports: 'link' },
      brought: ['reports/first.json'],
      finds: 'PACK_ENTRY_NO_FILE',
    },
    {
      name: 'the META.yaml of another identity',
      files: { 'META.yaml': 'id: "somebody-else"\n' },
      finds: 'PACK_META_ID_MISMATCH',
    },
    {
      name: 'a record around the pack that is cut off',
      task: { '/evaluation_contract/run_report_path_pattern': 'identity/runtime/*run*.json' },
      repository: { 'identity/runtime/run-1.json': '[' },
      finds: 'PACK_FILE_UNPARSEABLE',
    },
    {
      name: 'a META.yaml that names nobody',
      files: { 'META.yaml': '{}\n' },
      finds: 'PACK_META_MISSING',
    },
  ],
};

interface Entry extends Pick<DirectoryMember, 'kind' | 'tooLarge'> {
  readonly path: PackPath;
}

/**
 * Everything in a view except directories, without recursion, since a pack chooses its own depth.
 */
function* allEntries(view: FileView): Generator<Entry> {
  const open: PackPath[] = [''];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    for (const { name, ...member } of view.list(directory)) {
      const path = directory === '' ? name : `${directory}/${name}`;
      if (member.kind === 'directory') open.push(path);
      else yield { path, ...member };
    }
  }
}

/**
 * Whether an entry of an instance is required neither by a contract nor by the release. A link may
 * stand in place of a whole directory that the release brought.
 */
function isUsersOwn(path: PackPath, { brought }: Subject): boolean {
  if (brought === undefined) return false;
  const asked = [...requiredPackFiles, ...brought];
  return !asked.some((file) => file === path || file.startsWith(`${path}/`));
}

function nameOf(kind: DirectoryMember['kind']): string {
  return kind === 'link' ? 'a symbolic link' : 'a pipe, socket or device';
}

function* unreadable(
  bytes: Uint8Array | undefined,
  shown: string,
  isTooLarge = false,
): Generator<Finding> {
  if (bytes === undefined) {
    yield violation('PACK_FILE_UNREADABLE', { path: shown }, isTooLarge);
    return;
  }
  const problem = problemOf(bytes, shown);
  if (problem === undefined) return;
  yield violation('PACK_FILE_UNPARSEABLE', problem.place, problem.problem);
}

function extensionOf(path: string): string {
  return /\.[^./]+$/.exec(path)?.[0] ?? '';
}

/** What is wrong with these bytes for the kind of document that the name indicates. */
function problemOf(bytes: Uint8Array, shown: string): UnreadableDocument | undefined {
  const unlessReadable = (document: Document | UnreadableDocument) =>
    isReadable(document) ? undefined : document;
  const extension = extensionOf(shown);
  switch (extension) {
    case '.json':
      return unlessReadable(readJsonDocument(bytes, shown));
    case '.yaml':
    case '.yml':
      return unlessReadable(readYamlDocument(bytes, shown));
    case '.md':
    case '.jsonl': {
      // A byte order mark is not valid in JSON, but Markdown may begin with one.
      const text = extension === '.md' ? withoutByteOrderMark(bytes) : bytes;
      const read = orUnreadable(shown, () => documentText(text, shown, textLimits));
      return typeof read === 'string' ? undefined : read;
    }
    default:
      return undefined;
  }
}

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  const mark = [0xef, 0xbb, 0xbf];
  return mark.every((byte, index) => bytes[index] === byte) ? bytes.subarray(mark.length) : bytes;
}

/** Documents that match a path or pattern in the contracts, in the pack or around it. */
function namedElsewhere(subject: Subject): LocatedFile[] {
  const patterns = new Set<string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    if (!isMembers(value)) return;
    for (const [key, item] of Object.entries(value)) {
      if (/(?:^|_)path(?:_pattern)?$/.test(key) && typeof item === 'string') patterns.add(item);
      else collect(item);
    }
  };
  const task = isMembers(subject.task?.value) ? subject.task.value : {};
  for (const [key, block] of Object.entries(task)) if (key.endsWith('_contract')) collect(block);
  return [...patterns].flatMap((pattern) => locate(subject, pattern));
}

function* meta({ pack, id }: Subject): Generator<Finding> {
  const bytes = pack.read(metaPath);
  if (bytes === undefined) return;
  const document = readYamlDocument(bytes, pack.show(metaPath));
  if (!isReadable(document)) return;
  const block = documentBlock(document);
  if (block === undefined) {
    yield violation('PACK_META_NO_MAPPING', document.at(''));
    return;
  }
  yield* schemaFindings('PACK_META', block, schema);
  const own = block.get('id');
  if (typeof own === 'string' && isIdentityId(own) && own !== id) {
    yield violation('PACK_META_ID_MISMATCH', block.at('id'), own, id);
  }
  const classes = innerBlock(block, 'install');
  if (classes !== undefined) yield* unusableGlobs(classes);
}

function* unusableGlobs(classes: Block): Generator<Finding> {
  for (const [key, globs] of Object.entries(classes.members)) {
    if (!Array.isArray(globs)) continue;
    for (const [index, glob] of (globs as unknown[]).entries()) {
      const problem = isText(glob) ? globProblem(glob) : undefined;
      if (problem !== undefined) {
        yield violation('PACK_META_GLOB_UNUSABLE', classes.at(key, index), String(glob), problem);
      }
    }
  }
}
