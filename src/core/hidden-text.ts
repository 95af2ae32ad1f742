/**
 * Text that an agent reads and a person does not see (docs/limits.md#hidden-text): bidi controls,
 * zero-width and tag characters, invisible fillers, control characters, comments in Markdown.
 */
import { StringDecoder } from 'node:string_decoder';
import { characterName } from './character-name.ts';
import type { Finding } from './finding.ts';
import { hiddenCharacters, kindOfHidden, misplaced, type HiddenKind } from './hidden-characters.ts';
import type { PackPath } from './path.ts';
import { printable } from './printable.ts';

export type HiddenFinding = Finding & {
  readonly code: `HIDDEN_${HiddenKind | 'COMMENT' | 'ENCODING' | 'MORE'}`;
  readonly path: PackPath;
};

/** Takes the bytes of one file and collects what is hidden in them. */
export interface HiddenTextScan {
  /**
   * The next bytes. They are not kept after the call, except for the unfinished line at their end.
   */
  push(bytes: Uint8Array): void;
  /** What was found, by place; the first `listedPerFile`, and how many more there are. */
  end(): HiddenFinding[];
}

export const listedPerFile = 20;
/** Longer lines are searched in pieces. */
const longestLine = 64 * 1024;
const shownCharacters = 60;

/** Whether a text is worth a search: plain ASCII without a comment is not, and that is most text. */
const suspicious = /[^\t\n\v\f\r -~]|<!--/;

const markdownName = /\.(md|mdx|markdown)$/i;
/**
 * Files with these names always count as text; any other file does as long as its bytes are text.
 */
const textName =
  /\.(md|mdx|markdown|txt|text|rst|adoc|prompt|jsonl?|ya?ml|toml|ini|cfg|conf|csv|tsv|xml|html?|svg|tmpl|j2|sh|py|m?js|ts|rb)$/i;

/**
 * Comments that tools leave and read: one short word (`more`, `/toc`), and the directives of
 * formatters, in forms that have no room for a sentence.
 */
const harmlessComment =
  /^(?:\/?[A-Za-z]{0,16}|markdownlint-(?:disable|enable|capture|restore)(?:-(?:next-)?line|-file)?(?: [A-Z]{2}\d{3})*|prettier-ignore(?:-start|-end)?|(?:START|END) doctoc|SPDX-License-Identifier: [\w.+-]{1,40})$/;

/** Bounded in memory, whatever the size of the file; linear in time. */
export function createHiddenTextScan(path: PackPath): HiddenTextScan {
  const decoder = new StringDecoder('utf8');
  const isTextByName = textName.test(path);
  const markdown = markdownName.test(path);
  const findings: HiddenFinding[] = [];
  let found = 0;
  let rest = '';
  let line = 1;
  let column = 1;
  let before = '';
  let binary = false;
  let undecoded = false;
  let comment: { readonly line: number; readonly column: number; text: string } | undefined;

  const report = (
    code: HiddenFinding['code'],
    place: { readonly line: number; readonly column: number },
    message: string,
  ): void => {
    found += 1;
    if (findings.length >= listedPerFile) return;
    const { line: inLine, column: inColumn } = place;
    findings.push({ code, severity: 'warn', path, line: inLine, column: inColumn, message });
  };

  /** Searches text that ends where nothing is split, and moves the position behind it. */
  const look = (text: string, last = false): void => {
    const place = createPlace(text, line, column);
    if (comment !== undefined || suspicious.test(text)) search(text, place);
    if (!last) ({ line, column } = createPlace(text, line, column)(text.length));
    before = characterBefore(text, text.length) || before;
  };

  const search = (text: string, place: (offset: number) => Place): void => {
    if (text.includes('\ufffd') && !undecoded) {
      undecoded = true;
      if (!isTextByName) binary = true;
      else {
        const message =
          'not UTF-8 from here on, or U+FFFD REPLACEMENT CHARACTER in place of what was';
        report('HIDDEN_ENCODING', place(text.indexOf('\ufffd')), message);
      }
    }
    if (text.includes('\0') && !isTextByName) binary = true;
    if (binary) return;
    for (const match of text.matchAll(hiddenCharacters)) {
      const run = Array.from(match[0]);
      const end = match.index + match[0].length;
      const previous = match.index === 0 ? before : characterBefore(text, match.index);
      const offending = misplaced(run, previous, characterAt(text, end));
      const [first] = offending;
      if (first === undefined) continue;
      const offset = match.index + run.slice(0, first).join('').length;
      const characters = offending.map((index) => run[index] ?? '');
      report(`HIDDEN_${kindOfHidden(characters[0] ?? '')}`, place(offset), spelled(characters));
    }
    if (markdown) lookForComments(text, createPlace(text, line, column));
  };

  const lookForComments = (text: string, place: (offset: number) => Place): void => {
    for (let at = 0; ;) {
      if (comment === undefined) {
        const start = text.indexOf('<!--', at);
        if (start === -1) return;
        comment = { ...place(start), text: '' };
        at = start + 4;
      }
      const end = text.indexOf('-->', at);
      const inside = text.slice(at, end === -1 ? undefined : end);
      // Enough to decide whether it is harmless, and to show it.
      if (comment.text.length < 256) comment.text += inside.slice(0, 256);
      if (end === -1) return;
      closeComment();
      at = end + 3;
    }
  };

  const closeComment = (): void => {
    if (comment === undefined) return;
    const text = comment.text.replace(/\s+/g, ' ').trim();
    if (!harmlessComment.test(text)) {
      report('HIDDEN_COMMENT', comment, `a comment that readers do not see: "${shortened(text)}"`);
    }
    comment = undefined;
  };

  return {
    push(bytes) {
      if (binary) return;
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      // The decoded text would show this sooner or later, but decoding binary data takes long.
      if (!isTextByName && piece.includes(0)) {
        binary = true;
        return;
      }
      rest += decoder.write(piece);
      const end = safeEnd(rest);
      if (end === 0) return;
      look(rest.slice(0, end));
      rest = rest.slice(end);
    },
    end() {
      if (!binary) look(rest + decoder.end(), true);
      if (binary) return [];
      closeComment();
      findings.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
      const more = found - findings.length;
      if (more === 0) return findings;
      const message = `hidden text in ${more} more ${more === 1 ? 'place' : 'places'} of this file`;
      return [...findings, { code: 'HIDDEN_MORE', severity: 'warn', path, message }];
    },
  };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Line and column, from 1 and in UTF-16 units, of offsets that are asked for in rising order. */
function createPlace(text: string, firstLine: number, firstColumn: number): (at: number) => Place {
  let line = firstLine;
  let lineStart = 1 - firstColumn;
  let searched = 0;
  return (at) => {
    for (;;) {
      const end = text.indexOf('\n', searched);
      if (end === -1 || end >= at) break;
      line += 1;
      lineStart = end + 1;
      searched = end + 1;
    }
    return { line, column: at - lineStart + 1 };
  };
}

/** After the last line feed; in a very long line, after something that no sequence can span. */
function safeEnd(text: string): number {
  const end = text.lastIndexOf('\n') + 1;
  if (text.length - end < longestLine) return end;
  const plain = /[A-Za-z0-9 ][^A-Za-z0-9 ]{0,1024}$/.exec(text);
  if (plain !== null) return plain.index + 1;
  const comment = text.lastIndexOf('<');
  return comment > text.length - 8 ? comment : text.length;
}

function characterBefore(text: string, offset: number): string {
  return (
    /[\ud800-\udbff][\udc00-\udfff]$|[^]$/.exec(text.slice(Math.max(0, offset - 2), offset))?.[0] ??
    ''
  );
}

function characterAt(text: string, offset: number): string {
  const code = text.codePointAt(offset);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** The first character by name, how many follow, and what tag characters say. */
function spelled(characters: readonly string[]): string {
  const name = characterName(characters[0]?.codePointAt(0) ?? 0);
  const more = characters.length - 1;
  const said = characters
    .map((character) => (character.codePointAt(0) ?? 0) - 0xe0000)
    .filter((code) => code >= 0x20 && code <= 0x7e)
    .map((code) => String.fromCharCode(code))
    .join('');
  return [
    name,
    more === 0 ? '' : ` and ${more} more hidden ${more === 1 ? 'character' : 'characters'}`,
    said.length < 2 ? '' : `, which say "${shortened(said)}"`,
  ].join('');
}

function shortened(text: string): string {
  const shown = Array.from(text).slice(0, shownCharacters).join('');
  return printable(shown.length < text.length ? `${shown}…` : shown);
}
