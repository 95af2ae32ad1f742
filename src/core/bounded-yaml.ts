import {
  CORE_SCHEMA,
  constructFromEvents,
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
  type Event,
} from 'js-yaml';
import {
  documentInvalid,
  documentLimits,
  documentText,
  placeAt,
  poisonousKeys,
  type DocumentLimits,
  type DocumentOptions,
} from './document.ts';

/**
 * Parses one YAML 1.2 document by the core schema: no custom tags, no merge keys, no duplicate
 * keys, no keys that are not plain words, bounded aliases. js-yaml reads in two steps, and only
 * the first one sees the raw text: a parser that checks depth before it descends and yields
 * flat events. Keys, members and aliases are counted on the events, before a value is built.
 *
 * An empty document is `undefined`.
 *
 * @throws InstallError E_DOCUMENT_INVALID with details {path, line?, column?}
 */
export function parseYaml(bytes: Uint8Array, options: DocumentOptions): unknown {
  const { path } = options;
  const limits = { ...documentLimits, ...options.limits };
  const text = documentText(bytes, path, limits);
  const word = text.search(longWord);
  if (word >= 0) {
    documentInvalid(path, 'a tag or alias is longer than 1024 characters', placeAt(text, word));
  }
  try {
    const events = parseEvents(text, { maxDepth: limits.depth });
    checkEvents(events, text, limits, (problem, offset) =>
      documentInvalid(path, problem, placeAt(text, offset)),
    );
    return constructFromEvents(events, {
      source: text,
      schema: CORE_SCHEMA,
      maxAliases: limits.aliases,
    })[0];
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { mark } = error;
    return documentInvalid(
      path,
      error.reason,
      mark === undefined ? undefined : { line: mark.line + 1, column: mark.column + 1 },
      error,
    );
  }
}

/**
 * The longest tag or alias that is accepted. js-yaml's time grows with the square of their length:
 * one of half a million characters takes minutes.
 */
const longWord = /(?<![^\s,[\]{}:"'])[!*]\S{1024}/;

type Problem = (problem: string, offset: number) => never;

interface Frame {
  readonly kind: 'document' | 'sequence' | 'mapping';
  readonly anchor: string | undefined;
  readonly start: number;
  /** Members below this node; every alias counts as much as the node that it names. */
  size: number;
  /** Nodes directly inside; in a mapping, even ones are keys. */
  children: number;
}

/** Refuses a document whose events already show that it is too large or not plain enough. */
function checkEvents(
  events: readonly Event[],
  text: string,
  limits: DocumentLimits,
  problem: Problem,
): void {
  const frames: Frame[] = [];
  const sizes = new Map<string, number>();
  let documents = 0;
  let aliases = 0;

  const enter = (size: number, offset: number): void => {
    const frame = frames.at(-1);
    if (frame === undefined) return;
    frame.children += 1;
    frame.size += size;
    if (frame.size > limits.members) problem(`more than ${limits.members} members`, offset);
  };
  const isKey = (): boolean => {
    const frame = frames.at(-1);
    return frame?.kind === 'mapping' && frame.children % 2 === 0;
  };

  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        documents += 1;
        if (documents > 1) problem('holds several documents', text.length);
        frames.push({ kind: 'document', anchor: undefined, start: 0, size: 0, children: 0 });
        break;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE:
        if (isKey()) problem('a collection is used as a key', event.start);
        frames.push({
          kind: event.type === EVENT_ID.MAPPING ? 'mapping' : 'sequence',
          anchor: anchorOf(event, text),
          start: event.start,
          size: 0,
          children: 0,
        });
        break;
      case EVENT_ID.SCALAR: {
        if (isKey()) {
          const key = getScalarValue(text, event);
          if (poisonousKeys.has(key)) problem(`the key "${key}" is not allowed`, event.valueStart);
          if (key === '<<' && event.style === SCALAR_STYLE.PLAIN) {
            problem('merge keys are not supported', event.valueStart);
          }
        }
        const anchor = anchorOf(event, text);
        if (anchor !== undefined) sizes.set(anchor, 1);
        enter(1, event.valueStart);
        break;
      }
      case EVENT_ID.ALIAS: {
        const name = text.slice(event.anchorStart, event.anchorEnd);
        aliases += 1;
        if (aliases > limits.aliases)
          problem(`more than ${limits.aliases} aliases`, event.anchorStart);
        if (isKey()) problem('an alias is used as a key', event.anchorStart);
        if (frames.some((frame) => frame.anchor === name)) {
          problem(`the alias "${name}" contains itself`, event.anchorStart);
        }
        // An unknown name is reported by the constructor.
        enter(sizes.get(name) ?? 1, event.anchorStart);
        break;
      }
      case EVENT_ID.POP: {
        const closed = frames.pop();
        if (closed === undefined || closed.kind === 'document') break;
        if (closed.anchor !== undefined) sizes.set(closed.anchor, closed.size + 1);
        enter(closed.size + 1, closed.start);
        break;
      }
    }
  }
}

function anchorOf(
  event: { readonly anchorStart: number; readonly anchorEnd: number },
  text: string,
): string | undefined {
  return event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
}
