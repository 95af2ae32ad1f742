import { InstallError } from '../../../core/errors.ts';
import { ownMember } from '../../../core/own-member.ts';
import { pointerParts } from '../../documents/pointer.ts';
import { removed, type JsonEdits } from '../contract.ts';

/**
 * A JSON value with edits applied in order.
 *
 * @throws InstallError E_BUG for an edit without a target: the sample would then show nothing
 */
export function editJson(value: unknown, edits: JsonEdits): unknown {
  const edited: unknown = structuredClone(value);
  for (const [pointer, replacement] of Object.entries(edits)) {
    const parts = pointerParts(pointer);
    const key = parts.pop();
    if (key === undefined) throw noPlace(pointer);
    let parent: unknown = edited;
    for (const part of parts) {
      parent = isContainer(parent) ? ownMember(parent, part) : undefined;
    }
    if (!isContainer(parent)) throw noPlace(pointer);
    if (replacement === removed) remove(parent, key, pointer);
    else if (Array.isArray(parent) && Number(key) > parent.length) throw noPlace(pointer);
    else define(parent, key, structuredClone(replacement));
  }
  return edited;
}

/** List items are addressed by the text of their index. */
type Container = Record<string, unknown>;

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

/** Not by an assignment, which takes `__proto__` for the prototype. */
function define(parent: Container, key: string, value: unknown): void {
  const plain = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(parent, key, plain);
}

function remove(parent: Container, key: string, pointer: string): void {
  if (!Object.hasOwn(parent, key)) throw noPlace(pointer);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else Reflect.deleteProperty(parent, key);
}

function noPlace(pointer: string): InstallError {
  return new InstallError('E_BUG', `A sample edits ${pointer}, which is not there.`);
}
