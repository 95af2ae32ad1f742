import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ReleaseContext } from '../../src/release/context.ts';
import { readPack } from '../../src/release/pack.ts';
import type { Resolution } from '../../src/release/resolution.ts';
import { resolveRelease } from '../../src/release/resolve.ts';
import { createReleaseContext, sourceOf } from '../support/release-context.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const catalog = { 'identity/catalog/identities.yaml': 'version: "1.0"\n' };
const pack = { 'META.yaml': 'id: my-agent # who\ntitle: x\n', 'IDENTITY_PROMPT.md': 'a\r\nb' };

async function take(path: string, context: ReleaseContext): Promise<Resolution> {
  return resolveRelease(context, { source: sourceOf(context, path) });
}

function tarball(directory: string, ...args: string[]): string {
  const path = `${directory}.tar.gz`;
  execFileSync('tar', ['-czf', path, ...args]);
  return path;
}

async function contents(context: ReleaseContext, { release, plainPack }: Resolution) {
  const { id, packPath } = plainPack ?? { id: 'none', packPath: 'identity' };
  const loaded = await readPack(context, { commit: release.commit, packPath, id });
  const found: Record<string, string> = {};
  for await (const { path, bytes } of loaded.read([...loaded.pack.entries.keys()])) {
    found[path] = bytes.toString('latin1');
  }
  return found;
}

describe('a directory', () => {
  it('becomes the same commit wherever and whenever it is imported', async () => {
    const commits: string[] = [];
    for (let machine = 0; machine < 2; machine += 1) {
      const { release } = await take(temporaryDirectory(catalog), createReleaseContext());
      commits.push(release.commit);
    }
    expect(commits[0]).toBe(commits[1]);
    const context = createReleaseContext();
    const directory = temporaryDirectory(catalog);
    const { release } = await take(directory, context);
    expect(release).toMatchObject({ url: directory, sourceKind: 'directory', tag: null });
    expect(release.commit).toBe(commits[0]);
    writeFileSync(join(directory, 'new.md'), '');
    expect((await take(directory, context)).release.commit).not.toBe(commits[0]);
  });

  it('is taken byte for byte, with the executable bit and without its .git', async () => {
    const directory = temporaryDirectory({
      ...pack,
      '.gitattributes': '* text=auto eol=crlf\n',
      'odd "name\\ü': 'x',
      '.git': 'not a repository',
    });
    writeFileSync(join(directory, 'bytes'), Buffer.from([0, 255, 13, 10]));
    chmodSync(join(directory, 'bytes'), 0o775);
    const context = createReleaseContext();
    const resolution = await take(directory, context);
    expect(resolution.plainPack).toEqual({
      id: 'my-agent',
      packPath: 'identity/packs/my-agent',
    });
    const { commit } = resolution.release;
    const options = { commit, packPath: 'identity/packs/my-agent', id: 'my-agent' };
    const { entries } = (
      await readPack(context, options).catch((error: unknown) => {
        // The backslash is refused in a pack; everything else about the name was imported.
        expect(error).toMatchObject({ code: 'E_PACK_PATH' });
        execFileSync('rm', [join(directory, 'odd "name\\ü')]);
        return take(directory, context).then(({ release }) =>
          readPack(context, { ...options, commit: release.commit }),
        );
      })
    ).pack;
    expect([...entries].map(([path, { executable }]) => [path, executable])).toEqual([
      ['.gitattributes', false],
      ['IDENTITY_PROMPT.md', false],
      ['META.yaml', false],
      ['bytes', true],
    ]);
    expect(await contents(context, await take(directory, context))).toMatchObject({
      'IDENTITY_PROMPT.md': 'a\r\nb',
      bytes: '\0\xff\r\n',
    });
  });

  it('is named after itself when META.yaml does not say', async () => {
    const directory = temporaryDirectory({ 'the-agent/CURRENT_TASK.json': '{}' });
    const { plainPack } = await take(join(directory, 'the-agent'), createReleaseContext());
    expect(plainPack?.id).toBe('the-agent');
  });

  it.each([
    [{ 'Bad Name/IDENTITY_PROMPT.md': '' }, 'E_SOURCE_NOT_PROTOCOL'],
    [{ 'Bad Name/META.yaml': 'id: ../../victim\n' }, 'E_ID_INVALID'],
    [{ 'Bad Name/META.yaml': 'id: config\n' }, 'E_ID_RESERVED'],
    [{ 'Bad Name/META.yaml': 'id: [\n' }, 'E_DOCUMENT_INVALID'],
  ])('%j is refused: %s', async (seed, code) => {
    const directory = join(temporaryDirectory(seed), 'Bad Name');
    await expect(take(directory, createReleaseContext())).rejects.toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('may hold a link outside of the pack, never inside', async () => {
    const context = createReleaseContext();
    const protocol = temporaryDirectory({ ...catalog, 'identity/packs/x/META.yaml': 'id: x\n' });
    symlinkSync('/etc/passwd', join(protocol, 'README'));
    const { release } = await take(protocol, context);
    const options = { commit: release.commit, packPath: 'identity/packs/x', id: 'x' };
    expect((await readPack(context, options)).pack.entries.size).toBe(1);

    const plain = temporaryDirectory(pack);
    symlinkSync('/etc/passwd', join(plain, 'link'));
    const resolution = await take(plain, context);
    await expect(contents(context, resolution)).rejects.toThrow(
      expect.objectContaining({ code: 'E_PACK_ENTRY' }),
    );
  });

  it.each([
    ['a FIFO', 'E_PACK_ENTRY', (at: string) => execFileSync('mkfifo', [join(at, 'fifo')])],
    [
      'a set-user-id file',
      'E_PACK_ENTRY',
      (at: string) => chmodSync(join(at, 'META.yaml'), 0o4755),
    ],
    [
      'a nested repository',
      'E_PACK_PATH',
      (at: string) => execFileSync('mkdir', ['-p', join(at, 'a/.git')]),
    ],
    [
      'a name that is not UTF-8',
      'E_PACK_PATH',
      (at: string) =>
        writeFileSync(Buffer.concat([Buffer.from(`${at}/`), Buffer.from([0xff])]), ''),
    ],
  ])('with %s is refused, and nothing is imported', async (_name, code, spoil) => {
    const directory = temporaryDirectory(pack);
    spoil(directory);
    const context = createReleaseContext();
    const source = sourceOf(context, directory);
    await expect(resolveRelease(context, { source })).rejects.toThrow(
      expect.objectContaining({ code }),
    );
    expect(existsSync(context.releasesDirectory)).toBe(false);
  });

  it('with several faults is refused once, with all of them', async () => {
    const directory = temporaryDirectory({ ...pack, 'a/.git/HEAD': 'x', 'big.bin': '', '-rf': '' });
    chmodSync(join(directory, 'META.yaml'), 0o4755);
    truncateSync(join(directory, 'big.bin'), 65 * 1024 * 1024);
    symlinkSync('META.yaml', join(directory, 'link'));
    const error = await take(directory, createReleaseContext()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'E_PACK_PATH',
      details: {
        findings: [
          { code: 'PATH_DASH', path: '-rf' },
          { code: 'ENTRY_MODE', path: 'META.yaml' },
          { code: 'PATH_GIT', path: 'a/.git' },
          { code: 'LIMIT_FILE', path: 'big.bin' },
          { code: 'ENTRY_LINK', path: 'link' },
        ],
      },
    });
  });

  it('has no tags; a commit id must be its own', async () => {
    const context = createReleaseContext();
    const source = sourceOf(context, temporaryDirectory(catalog));
    const { release } = await resolveRelease(context, { source });
    const again = await resolveRelease(context, { source, selector: release.commit });
    expect(again.release).toEqual(release);
    await expect(resolveRelease(context, { source, selector: 'v1.0.0' })).rejects.toThrow(
      expect.objectContaining({ code: 'E_TAG_INVALID' }),
    );
    await expect(resolveRelease(context, { source, selector: 'f'.repeat(40) })).rejects.toThrow(
      expect.objectContaining({ code: 'E_TAG_NOT_FOUND' }),
    );
  });
});

describe('an archive', () => {
  it('gives the same tree as the directory it was made from, with or without a top', async () => {
    const context = createReleaseContext();
    const directory = temporaryDirectory({ 'release-1.0/README.md': 'x' });
    const inner = join(directory, 'release-1.0');
    execFileSync('mkdir', ['-p', join(inner, 'identity/catalog')]);
    writeFileSync(join(inner, 'identity/catalog/identities.yaml'), 'version: "1.0"\n');
    const { release } = await take(inner, context);
    const wrapped = await take(tarball(`${directory}/a`, '-C', directory, 'release-1.0'), context);
    const bare = await take(
      tarball(`${directory}/b`, '-C', inner, 'README.md', 'identity'),
      context,
    );
    expect([wrapped.release.commit, bare.release.commit]).toEqual([release.commit, release.commit]);
    expect(wrapped.release).toMatchObject({ sourceKind: 'archive', tag: null });
    const only = await take(tarball(`${directory}/c`, '-C', inner, 'identity'), context);
    expect(only.plainPack).toBeNull();
  });

  it('of a plain pack is that pack', async () => {
    const context = createReleaseContext();
    const directory = temporaryDirectory({ 'x/META.yaml': 'id: my-agent\n', 'x/a/b.md': 'b' });
    const resolution = await take(tarball(`${directory}/p`, '-C', directory, 'x'), context);
    expect(resolution.plainPack?.id).toBe('my-agent');
    expect(await contents(context, resolution)).toEqual({
      'META.yaml': 'id: my-agent\n',
      'a/b.md': 'b',
    });
  });

  it.each([
    ['cut short', 'E_SOURCE_UNREACHABLE', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['no archive', 'E_SOURCE_UNREACHABLE', () => gzipSync('<html>')],
  ])('that is %s is refused', async (_name, code, spoil) => {
    const context = createReleaseContext();
    const path = tarball(temporaryDirectory(), '-C', temporaryDirectory(pack), '.');
    const { readFileSync, writeFileSync: write } = await import('node:fs');
    write(path, spoil(readFileSync(path)));
    await expect(take(path, context)).rejects.toThrow(expect.objectContaining({ code }));
  });

  it('with a link, or without a pack, is refused', async () => {
    const context = createReleaseContext();
    const linked = temporaryDirectory(pack);
    symlinkSync('/etc/passwd', join(linked, 'link'));
    await expect(take(tarball(linked, '-C', linked, '.'), context)).rejects.toThrow(
      expect.objectContaining({ code: 'E_PACK_ENTRY' }),
    );
    const other = temporaryDirectory({ 'a.txt': 'x' });
    await expect(take(tarball(other, '-C', other, 'a.txt'), context)).rejects.toThrow(
      expect.objectContaining({ code: 'E_SOURCE_NOT_PROTOCOL' }),
    );
  });
});
