import { ownMember } from '../../core/own-member.ts';

/** A mapping from a document. */
export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of the document itself, never one of the object's prototype. */
export function member(value: unknown, key: string): unknown {
  return isMembers(value) ? ownMember(value, key) : undefined;
}
