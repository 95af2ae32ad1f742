import { isCollection, isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';
import type { Document, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { canonicalJson } from '../core/digest.ts';
import { isMembers, type Members } from './documents/members.ts';

/**
 * Changes to YAML text that leave every other byte as it is. `yaml` gives the position of a node;
 * writing its document back would fold lines, move comments and change line endings.
 *
 * The text must have passed the bounded parser: `yaml` descends without limit, and its stack
 * overflow ends the process. What cannot be spliced (an alias, a place that does not exist) throws
 * `CannotSplice`; the caller checks that the result means what it should.
 */
export class CannotSplice extends Error {
  override readonly name = 'CannotSplice';
}

type Path = readonly (string | number)[];

/** Sets one member of the mapping at `path`. Mappings are merged; anything else is replaced. */
export function setMember(text: string, path: Path, key: string, value: unknown): string {
  const { node: map, document } = nodeAt(text, path);
  if (!isMap(map)) throw new CannotSplice(`${path.join('.')} is not a mapping`);
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (pair === undefined) return insertMember(text, map, key, value);
  const old = pair.value as Node | null;
  if (old !== null && canonicalJson(old.toJS(document)) === canonicalJson(value)) return text;
  if (isMap(old) && isMembers(value)) {
    return Object.entries(value).reduce(
      (result, [name, item]) => setMember(result, [...path, key], name, item),
      text,
    );
  }
  return replaceNode(text, pair, value);
}

/** Appends an item to the sequence at `path`; an empty or null one becomes a block. */
export function appendItem(text: string, path: Path, item: Members): string {
  const { node: seq } = nodeAt(text, path);
  const eol = lineEnding(text);
  if (isScalar(seq) && seq.value === null) {
    return spliceBlock(text, endOfLine(text, rangeOf(seq)[1]), 2, itemLines(item));
  }
  if (!isSeq(seq)) throw new CannotSplice(`${path.join('.')} is not a list`);
  const [start, end] = rangeOf(seq);
  if (seq.items.length === 0) {
    const before = text.slice(0, start).trimEnd();
    return `${before}${eol}${indent(itemLines(item), 2).join(eol)}${text.slice(end)}`;
  }
  const last = endOfNode(seq);
  if (seq.flow === true) return splice(text, last, last, `, ${JSON.stringify(item)}`);
  return spliceBlock(text, endOfLine(text, last), columnOf(text, start), itemLines(item));
}

function insertMember(text: string, map: YAMLMap, key: string, value: unknown): string {
  const [start] = rangeOf(map);
  const first = map.items[0];
  if (map.flow === true || first === undefined) {
    const member = `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    if (first === undefined) return splice(text, start + 1, start + 1, member);
    const end = endOfNode(map);
    return splice(text, end, end, `, ${member}`);
  }
  // Next to its scalar neighbours at the head of a document, not after a long list.
  const head = start === rangeOf(first.key)[0] && columnOf(text, start) === 0;
  const end = head && isScalar(first.value) ? endOfNode(first.value) : endOfNode(map);
  const column = columnOf(text, rangeOf(first.key)[0]);
  return spliceBlock(text, endOfLine(text, end), column, blockLines({ [key]: value }));
}

function replaceNode(text: string, pair: Pair, value: unknown): string {
  const old = pair.value as Node | null;
  if (old === null) throw new CannotSplice('a member has no value');
  const [start, scalarEnd] = rangeOf(old);
  if (isScalar(old) && start === scalarEnd) {
    const flow = ` ${JSON.stringify(value)}`;
    return splice(text, start, start, flow);
  }
  const end = isCollection(old) ? endOfNode(old) : scalarEnd;
  const stop = isCollection(old) && old.flow === true ? scalarEnd : end;
  // The range of a block scalar includes the end of its line.
  const tail = text[stop - 1] === '\n' ? lineEnding(text) : '';
  const block = isSeq(old) && old.flow !== true && Array.isArray(value) && value.length > 0;
  const written = block
    ? blockLines(value).join(`${lineEnding(text)}${' '.repeat(columnOf(text, start))}`)
    : isScalar(old)
      ? scalarText(old, value)
      : JSON.stringify(value);
  return splice(text, start, stop, written + tail);
}

/** A scalar in the quotes of the one that it replaces, if they can hold it. */
function scalarText(old: Scalar, value: unknown): string {
  if (typeof value === 'string') {
    if (old.type === 'PLAIN' && plainWord.test(value) && !reservedWord.test(value)) return value;
    if (old.type === 'QUOTE_SINGLE' && /^[\x20-\x26\x28-\x7e]*$/.test(value)) return `'${value}'`;
  }
  return JSON.stringify(value);
}

const plainWord = /^[A-Za-z][\w./-]*$/;
/** Words that YAML 1.1 readers, including Python's, do not read as text. */
const reservedWord = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

function nodeAt(text: string, path: Path): { node: Node; document: Document } {
  const document = parseDocument(text, { logLevel: 'silent' });
  const [problem] = document.errors;
  if (problem !== undefined) throw new CannotSplice(problem.message, { cause: problem });
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isScalar(node) && !isCollection(node)) {
    throw new CannotSplice(`${path.join('.')} does not exist`);
  }
  return { node, document };
}

function rangeOf(node: unknown): [start: number, end: number] {
  const range = isScalar(node) || isCollection(node) ? node.range : undefined;
  if (range == null) throw new CannotSplice('a node has no position');
  return [range[0], range[1]];
}

/** Where the last value inside a node ends; comments after it do not count. */
function endOfNode(node: unknown): number {
  if (!isCollection(node) || node.items.length === 0) return rangeOf(node)[1];
  const last: unknown = node.items.at(-1);
  const inner = isMap(node) ? ((last as Pair).value ?? (last as Pair).key) : last;
  return isCollection(inner) && inner.flow === true ? rangeOf(inner)[1] : endOfNode(inner);
}

function endOfLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function splice(text: string, start: number, end: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end);
}

/** Inserts whole lines at the beginning of a line. */
function spliceBlock(text: string, at: number, column: number, lines: string[]): string {
  const eol = lineEnding(text);
  const open = at > 0 && text[at - 1] !== '\n' ? eol : '';
  return splice(text, at, at, `${open}${indent(lines, column).join(eol)}${eol}`);
}

function indent(lines: readonly string[], column: number): string[] {
  return lines.map((line) => ' '.repeat(column) + line);
}

function itemLines(item: Members): string[] {
  return blockLines([item]);
}

function blockLines(value: unknown): string[] {
  return blockText(value).trimEnd().split('\n');
}

/** A collection in block style, every string quoted, so that no reader treats it as a number. */
export function blockText(value: unknown): string {
  return stringify(value, {
    lineWidth: 0,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    aliasDuplicateObjects: false,
  });
}

function lineEnding(text: string): '\n' | '\r\n' {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
}
