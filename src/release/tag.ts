/** Tag names, selectors, and which tag a selector means. Pure. */
import semver from 'semver';
import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { printable } from '../core/printable.ts';

/** A tag whose name is a version. */
export interface VersionTag {
  /** As published: `v1.4.10`. */
  readonly name: string;
  /** Without the `v`, with prerelease and build. */
  readonly version: string;
  /** The object that the tag names: a tag object or a commit. */
  readonly oid: string;
}

export type Selector =
  | { readonly kind: 'latest' }
  | { readonly kind: 'range'; readonly range: string; readonly text: string }
  | { readonly kind: 'version'; readonly version: string; readonly text: string }
  | { readonly kind: 'commit'; readonly prefix: string; readonly full: boolean };

const number = '(?:0|[1-9]\\d*)';
const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const tail = `(?:-${identifiers})?(?:\\+${identifiers})?`;
const tagForm = new RegExp(`^v?(${number}\\.${number}\\.${number}${tail})$`);
const part = `(?:${number}|[xX*])`;
const comparator = new RegExp(`^(?:[<>]=?|[~^])?${part}(?:\\.${part}(?:\\.${part}${tail})?)?$`);

/**
 * The version in a tag name, strictly `v?MAJOR.MINOR.PATCH[-pre][+build]`; undefined for any other
 * name (`V1.0.0`, `1.0`, `=v1.0.0`, `release-3`).
 */
export function versionOfTag(name: string): string | undefined {
  const version = name.length <= 128 ? tagForm.exec(name)?.[1] : undefined;
  return version !== undefined && semver.valid(version) !== null ? version : undefined;
}

/** The tags whose names are versions, and a note on those whose names are not. */
export function versionTags(tags: readonly { readonly name: string; readonly oid: string }[]): {
  readonly tags: VersionTag[];
  /** The other names. */
  readonly ignored: string[];
  readonly findings: Finding[];
} {
  const versions: VersionTag[] = [];
  const ignored: string[] = [];
  for (const { name, oid } of tags) {
    const version = versionOfTag(name);
    if (version === undefined) ignored.push(name);
    else versions.push({ name, version, oid });
  }
  return { tags: versions, ignored, findings: ignored.length === 0 ? [] : [ignoredTags(ignored)] };
}

function ignoredTags(names: readonly string[]): Finding {
  return {
    code: 'TAG_IGNORED',
    severity: 'info',
    message: `Tags that are not versions are ignored: ${listed(names)}`,
  };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => printable(name).slice(0, 80));
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  return shown.join(', ') + more;
}

/**
 * @param text the requested release; undefined for the latest stable one. Seven or more hex digits
 *   are a commit.
 * @throws E_TAG_INVALID
 */
export function parseSelector(text: string | undefined): Selector {
  if (text === undefined) return { kind: 'latest' };
  if (/^[0-9a-f]{7,64}$/.test(text)) {
    return { kind: 'commit', prefix: text, full: text.length === 40 || text.length === 64 };
  }
  const version = versionOfTag(text);
  if (version !== undefined) return { kind: 'version', version, text };
  if (isRange(text)) return { kind: 'range', range: text, text };
  throw new InstallError(
    'E_TAG_INVALID',
    `This is not a valid tag, range or commit: ${printable(text).slice(0, 200)}`,
    {
      remedy:
        'Give a tag (v1.4.10), a range (~1.4.3, ^1.0.0, ">=1.2.0 <2.0.0") or a commit id in lower case.',
      details: { selector: text },
    },
  );
}

/** semver's own parser is lenient (`=v1`, line feeds); this is its strict part. */
function isRange(text: string): boolean {
  if (text.length > 256) return false;
  const plain = text.split(' || ').every((alternative) => {
    const hyphen = alternative.split(' - ');
    const parts = hyphen.length === 2 ? hyphen : alternative.split(' ');
    return parts.every((item) => comparator.test(item));
  });
  return plain && semver.validRange(text) !== null;
}

/**
 * The tags that a selector may mean: one, or several of equal version, whose agreement the caller
 * must check (`agreeingTag`). Prereleases only if the selector names one.
 * @throws E_TAG_NOT_FOUND naming the nearest tags, or all existing tags
 */
export function selectTags(
  tags: readonly VersionTag[],
  selector: Exclude<Selector, { kind: 'commit' }>,
  { where, ignored }: { readonly where: string; readonly ignored: readonly string[] },
): readonly VersionTag[] {
  const fitting = tags.filter((tag) => fits(tag.version, selector));
  const [first, ...others] = fitting;
  if (first === undefined) {
    throw tags.length === 0 ? noVersions(ignored, where) : notFound(tags, selector, where);
  }
  const best = others.reduce(
    (highest, tag) => (semver.compare(tag.version, highest.version) > 0 ? tag : highest),
    first,
  );
  const equal = fitting.filter((tag) => semver.compare(tag.version, best.version) === 0);
  return [...equal].sort((left, right) => preference(left, selector) - preference(right, selector));
}

function fits(version: string, selector: Exclude<Selector, { kind: 'commit' }>): boolean {
  switch (selector.kind) {
    case 'latest':
      return semver.prerelease(version) === null;
    case 'range':
      return semver.satisfies(version, selector.range);
    case 'version':
      // A build names one of several equal versions; without it all of them are meant.
      return selector.version.includes('+')
        ? version === selector.version
        : semver.compare(version, selector.version) === 0;
  }
}

/** The name that was typed, then the usual form. */
function preference(tag: VersionTag, selector: Selector): number {
  if (selector.kind === 'version' && tag.name === selector.text) return 0;
  return tag.name.startsWith('v') ? 1 : 2;
}

/**
 * One of several tags with equal version, if all of them lead to the same commit.
 * @throws E_TAG_AMBIGUOUS
 */
export function agreeingTag<T extends { readonly name: string; readonly commit: string | null }>(
  tags: readonly [T, ...T[]],
  where: string,
): T {
  const [first] = tags;
  if (tags.every((tag) => tag.commit === first.commit)) return first;
  const claims = tags.map((tag) => `${tag.name} (${tag.commit?.slice(0, 12) ?? 'no commit'})`);
  throw new InstallError(
    'E_TAG_AMBIGUOUS',
    `Tags of the same version disagree at ${printable(where)}: ${claims.join(', ')}`,
    {
      remedy: {
        kind: 'option',
        option: 'release',
        ...(first.commit !== null && { value: first.commit }),
        to: 'choose one by its commit',
      },
      details: { tags: tags.map(({ name, commit }) => ({ name, commit })) },
    },
  );
}

function noVersions(ignored: readonly string[], where: string): InstallError {
  const there =
    ignored.length === 0
      ? 'There are no tags at all; is it the right repository? In your own, `git tag v0.1.0` makes a release.'
      : `These tags exist: ${listed(ignored)}.`;
  return new InstallError('E_TAG_NOT_FOUND', `No tag at ${printable(where)} is a version.`, {
    remedy: `${there} A release is a tag such as v1.4.10; a commit can be named by its id.`,
    details: { tags: ignored.slice(0, 100) },
  });
}

function notFound(
  tags: readonly VersionTag[],
  selector: Exclude<Selector, { kind: 'commit' }>,
  where: string,
): InstallError {
  const at = printable(where);
  const near = nearest(tags, selector);
  const asked = selector.kind === 'latest' ? 'a stable version' : printable(selector.text);
  return new InstallError('E_TAG_NOT_FOUND', `No release at ${at} matches ${asked}.`, {
    remedy: { kind: 'choose', option: 'release', among: near },
    details: { nearest: near, tags: tags.length },
  });
}

/** Up to three tags around the one asked for: the next lower, the next higher, one more below. */
function nearest(tags: readonly VersionTag[], selector: Selector): string[] {
  const wanted =
    selector.kind === 'version'
      ? selector.version
      : selector.kind === 'range'
        ? semver.minVersion(selector.range)?.version
        : undefined;
  const newestFirst = [...tags].sort((a, b) => semver.compare(b.version, a.version));
  const split = newestFirst.findIndex(
    ({ version }) => wanted === undefined || semver.compare(version, wanted) <= 0,
  );
  const below = split === -1 ? [] : newestFirst.slice(split);
  const above = newestFirst.slice(0, split === -1 ? undefined : split).reverse();
  return [below[0], above[0], ...below.slice(1), ...above.slice(1)]
    .filter((tag) => tag !== undefined)
    .slice(0, 3)
    .map((tag) => tag.name);
}

/** Whether the first version is lower; a build makes no difference. */
export function isLower(version: string, than: string): boolean {
  return semver.compare(version, than) < 0;
}
