import type { Document, Place } from '../../documents/document.ts';
import { isMembers, member, type Members } from '../../documents/members.ts';
import { pointerTo } from '../../documents/pointer.ts';

/** A block of a document: its members, and where it is. */
export interface Block {
  readonly document: Document;
  readonly pointer: string;
  readonly members: Members;
  readonly get: (key: string) => unknown;
  /** Where a finding about a member of the block belongs. */
  readonly at: (...keys: readonly (string | number)[]) => Place;
}

/** The whole document as a block; undefined if it is not an object. */
export function documentBlock(document: Document): Block | undefined {
  return makeBlock(document, '', document.value);
}

/** A block inside a block; undefined if it is missing or not an object. */
export function innerBlock(block: Block, ...keys: readonly (string | number)[]): Block | undefined {
  let value: unknown = block.members;
  for (const key of keys) {
    value = Array.isArray(value) ? (value as unknown[])[Number(key)] : member(value, String(key));
  }
  return makeBlock(block.document, `${block.pointer}${pointerTo(keys)}`, value);
}

function makeBlock(document: Document, pointer: string, value: unknown): Block | undefined {
  if (!isMembers(value)) return undefined;
  return {
    document,
    pointer,
    members: value,
    get: (key) => member(value, key),
    at: (...keys) => document.at(pointer + pointerTo(keys)),
  };
}
