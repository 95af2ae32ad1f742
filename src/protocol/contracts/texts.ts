import type { Block } from './subject.ts';

/** A list of texts in a block; empty where it is something else, which its schema finds. */
export function textsOf(block: Block, key: string): readonly string[] {
  const list = block.get(key);
  const all = Array.isArray(list) && list.every((item) => typeof item === 'string' && item !== '');
  return all ? (list as string[]) : [];
}

/** Which of the names have no value in a block: not there, null, or an empty text. */
export function absent(block: Block, names: Iterable<string>): string[] {
  return [...new Set(names)].filter((name) => !hasValue(block.get(name)));
}

export function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
