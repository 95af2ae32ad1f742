/** What a scan of JSON text reports, and what it allows. Offsets are UTF-16 units from 0. */
export interface JsonScan {
  readonly depth: number;
  readonly members: number;
  /** The text is refused here. */
  readonly problem: (problem: string, offset: number) => never;
  readonly key: (key: string, offset: number) => void;
  readonly integer: (digits: string, offset: number) => void;
}

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'end of text';

const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Walks JSON text once, without recursion and without building anything, and accepts exactly what
 * `JSON.parse` accepts, within the bounds. The only state is a stack with the closing bracket of
 * every open collection.
 */
export function scanJson(text: string, scan: JsonScan): void {
  const closers: string[] = [];
  let expected: Expected = 'value';
  let members = 0;
  let offset = 0;
  const afterValue = (): Expected => (closers.length === 0 ? 'end of text' : ', or end');
  const unexpected = (): never =>
    scan.problem(
      offset >= text.length ? `ends where ${expected} is expected` : `${expected} expected`,
      offset,
    );

  while (true) {
    while (isBlank(text.charCodeAt(offset))) offset += 1;
    const character = text[offset];
    if (character === undefined) {
      if (expected !== 'end of text') unexpected();
      return;
    }
    const wantsValue: boolean = expected === 'value' || expected === 'value or ]';
    const wantsKey: boolean = expected === 'key' || expected === 'key or }';
    switch (character) {
      case '{':
      case '[':
        if (!wantsValue) unexpected();
        if (closers.length >= scan.depth) {
          scan.problem(`nested deeper than ${scan.depth} levels`, offset);
        }
        closers.push(character === '{' ? '}' : ']');
        expected = character === '{' ? 'key or }' : 'value or ]';
        offset += 1;
        break;
      case '}':
      case ']': {
        const mayClose =
          expected === ', or end' ||
          (character === '}' ? expected === 'key or }' : expected === 'value or ]');
        if (!mayClose || closers.at(-1) !== character) unexpected();
        closers.pop();
        expected = afterValue();
        offset += 1;
        break;
      }
      case ',':
        if (expected !== ', or end') unexpected();
        expected = closers.at(-1) === '}' ? 'key' : 'value';
        members += 1;
        offset += 1;
        break;
      case ':':
        if (expected !== ':') unexpected();
        expected = 'value';
        offset += 1;
        break;
      case '"': {
        if (!wantsKey && !wantsValue) unexpected();
        const end = endOfString(text, offset, scan.problem);
        if (wantsKey) {
          const raw = text.slice(offset + 1, end - 1);
          const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
          scan.key(key, offset);
        }
        expected = wantsKey ? ':' : afterValue();
        offset = end;
        break;
      }
      default: {
        scalar.lastIndex = offset;
        const [word] = (wantsValue ? scalar.exec(text) : null) ?? [];
        if (word === undefined) return unexpected();
        // Shorter integers always fit; the caller need not look at them.
        if (word.length > 15 && /^-?\d+$/.test(word)) scan.integer(word, offset);
        expected = afterValue();
        offset += word.length;
      }
    }
    if (members >= scan.members) scan.problem(`more than ${scan.members} members`, offset);
  }
}

/** The offset behind the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number, problem: JsonScan['problem']): number {
  let offset = start + 1;
  while (offset < text.length) {
    const code = text.charCodeAt(offset);
    if (code === quote) return offset + 1;
    if (code < 0x20) problem('control character in a string', offset);
    if (code === backslash) {
      escape.lastIndex = offset;
      const [sequence] = escape.exec(text) ?? problem('unknown escape in a string', offset);
      offset += sequence.length;
    } else offset += 1;
  }
  return problem('a string does not end', start);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

const quote = 0x22;
const backslash = 0x5c;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
