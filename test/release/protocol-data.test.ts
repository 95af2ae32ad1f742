import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/digest.ts';
import { readPack } from '../../src/release/pack.ts';
import { resolveRelease } from '../../src/release/resolve.ts';
import { readDocument } from '../../src/release/tree.ts';
import { createReleaseContext, sourceOf } from '../support/release-context.ts';
import { openRepository } from '../support/repository.ts';
import { saying } from '../support/hint-of.ts';

const bundle = join(import.meta.dirname, '../../../shared/data/protocol-data.bundle');
const there = existsSync(bundle);
if (!there) console.warn('skipped: the real releases are not at ../shared/data');

describe.skipIf(!there)('the real releases', () => {
  async function resolve(selector?: string, context = createReleaseContext()) {
    const source = sourceOf(context, bundle);
    return { context, ...(await resolveRelease(context, { source, selector })) };
  }

  it.each([
    [undefined, 'v1.5.1'],
    ['~1.4.3', 'v1.4.10'],
    ['1.4.9', 'v1.4.9'],
    ['v1.2.0', 'v1.2.0'],
  ])('%s is %s', async (selector, tag) => {
    const { release, findings } = await resolve(selector);
    expect([release.tag, release.sourceKind, findings]).toEqual([tag, 'bundle', []]);
    expect(release.tagObject === null).toBe(tag === 'v1.2.0');
  });

  it('9.x is not there, and the nearest are named', async () => {
    await expect(resolve('9.x')).rejects.toThrow(
      expect.objectContaining({
        code: 'E_TAG_NOT_FOUND',
        remedy: saying('v1.5.1, v1.4.10, v1.4.9'),
      }),
    );
  });

  it.each([
    ['v1.4.10', 'store-manager', 'identity/store-manager'],
    ['v1.1.0', 'store-manager', 'identity/store-manager'],
    ['v1.5.1', 'system-requirements-analyst', 'identity/packs/system-requirements-analyst'],
  ])('every file of %s %s equals its blob', async (tag, id, packPath) => {
    const { release, context } = await resolve(tag);
    const { pack, read } = await readPack(context, { commit: release.commit, packPath, id });
    const { git } = openRepository(join(context.releasesDirectory, 'releases.git'));
    const listed = git(
      'ls-tree',
      '-r',
      '--format=%(path) %(objectname) %(objectsize)',
      `${release.commit}:${packPath}`,
    );
    const found = [...pack.entries].map(([path, { oid, size }]) => `${path} ${oid} ${size}`);
    expect(found.sort()).toEqual(listed.split('\n').sort());
    for await (const { path, bytes } of read([...pack.entries.keys()])) {
      const blob = git('cat-file', 'blob', `${release.commit}:${packPath}/${path}`);
      expect(bytes.toString().trim()).toBe(blob);
      expect(sha256(bytes)).toBe(pack.entries.get(path)?.sha256);
    }
  });

  it('the catalog of the newest release is read', async () => {
    const { release, context } = await resolve();
    const path = 'identity/catalog/identities.yaml';
    const document = await readDocument(context, { commit: release.commit, path });
    expect(document?.toString()).toContain('system-requirements-analyst');
  });
});
