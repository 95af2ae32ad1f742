import { isIdentityId } from '../core/identity-id.ts';
import { isOperationRef } from '../core/operation-ref.ts';
import { ownMember } from '../core/own-member.ts';
import { isPlainPath } from '../core/plain-path.ts';
import type { InstalledRecord } from '../core/record.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value !== '';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const matching =
  (form: RegExp): Check =>
  (value) =>
    typeof value === 'string' && form.test(value);
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value);

/** git names objects by SHA-1 or SHA-256. */
const objectId = matching(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const digest = matching(/^[0-9a-f]{64}$/);
const plainPath: Check = (value) => typeof value === 'string' && isPlainPath(value);
const instancePath: Check = (value) =>
  typeof value === 'string' &&
  !value.includes('\0') &&
  (isPlainPath(value) || /^(?:\/|[A-Za-z]:[\\/])./.test(value));

const recordChecks: Record<keyof InstalledRecord, Check> = {
  schema: text,
  id: (value) => typeof value === 'string' && isIdentityId(value),
  instance: instancePath,
  from: text,
  release: isObject,
  files: isObject,
  reports: (value) => Array.isArray(value) && value.every(plainPath),
  operation: (value) => typeof value === 'string' && isOperationRef(value),
  updatedAt: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/),
};

const releaseChecks: Record<keyof InstalledRecord['release'], Check> = {
  url: text,
  sourceKind: oneOf('starter', 'git', 'bundle', 'repository', 'directory', 'archive'),
  tag: orNull(text),
  tagObject: orNull(objectId),
  commit: objectId,
  tree: objectId,
  version: orNull(text),
};

const fileChecks: Record<keyof InstalledRecord['files'][string], Check> = {
  sha256: digest,
  size: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  executable: (value) => typeof value === 'boolean',
  commit: objectId,
};

/**
 * What is wrong with an installed record, or undefined. Strict about every field that is used;
 * unknown fields are ignored.
 */
export function checkRecord(document: unknown, schema: string): string | undefined {
  if (!isObject(document)) return 'it is not an object';
  if (document['schema'] !== schema) return `its schema is not ${schema}`;
  const { release, files } = document;
  return (
    firstProblem(document, recordChecks, '') ??
    firstProblem(release as Members, releaseChecks, 'release.') ??
    Object.entries(files as Members)
      .map(([path, base]) => {
        if (!isPlainPath(path)) return `"${path}" is not a valid path of an instance`;
        if (!isObject(base)) return `files["${path}"] is not an object`;
        return firstProblem(base, fileChecks, `files["${path}"].`);
      })
      .find((problem) => problem !== undefined)
  );
}

type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstProblem(
  value: Members,
  checks: Readonly<Record<string, Check>>,
  prefix: string,
): string | undefined {
  for (const [key, check] of Object.entries(checks)) {
    if (!Object.hasOwn(value, key)) return `${prefix}${key} is missing`;
    if (!check(ownMember(value, key))) return `${prefix}${key} is not valid`;
  }
  return undefined;
}
