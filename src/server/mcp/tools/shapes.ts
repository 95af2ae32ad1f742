import type { Finding } from '../../../core/finding.ts';
import type { ResolvedRelease } from '../../../core/release.ts';
import type { CompletedOperation } from '../../../engine/completed-operation.ts';
import { list, object, oneOf, orNull, text } from '../json-schema.ts';

/** Parts of the results of several tools: the schema, and the function that creates the value. */

export const releaseSchema = object({
  url: text('Where it comes from.'),
  tag: orNull(text()),
  commit: text('Full commit id.'),
  version: orNull(text()),
});

export function releaseOf({ url, tag, commit, version }: ResolvedRelease): object {
  return { url, tag, commit, version };
}

export const findingSchema = object(
  {
    code: text(),
    severity: oneOf(['error', 'warn', 'info']),
    message: text(),
    contract: text('The contract of the protocol that is broken.'),
    path: text(),
    pointer: text('JSON pointer into the document at path.'),
    line: { type: 'integer' },
    column: { type: 'integer' },
  },
  ['contract', 'path', 'pointer', 'line', 'column'],
);

export function findingOf(finding: Finding): object {
  const { code, severity, message, contract, path, pointer, line, column } = finding;
  return {
    code,
    severity,
    message,
    ...(contract !== undefined && { contract }),
    ...(path !== undefined && { path }),
    ...(pointer !== undefined && { pointer }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
}

export const operationSchema = object({
  ref: text('The argument for identity_rollback that undoes this.'),
  evidence: text('The JSON document that says what was changed, what was kept, and why.'),
  snapshot: orNull(text('The files from before.')),
  undo: text('A command line that undoes the operation.'),
  warnings: list(object({ code: text(), path: text(), message: text() })),
});

export function operationOf({
  ref,
  evidence,
  snapshot,
  undo,
  warnings,
}: CompletedOperation): object {
  return {
    ref,
    evidence,
    snapshot: snapshot?.path ?? null,
    undo,
    warnings: warnings.map(({ code, path, message }) => ({ code, path, message })),
  };
}

/** The longest list in an answer; the answer says how much was left out. */
const mostItems = 1000;

export function cut<T>(items: readonly T[]): { shown: readonly T[]; omitted: number } {
  const shown = items.slice(0, mostItems);
  return { shown, omitted: items.length - shown.length };
}
