import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import type { Source } from '../../src/release/source.ts';
import { parseSource } from '../../src/release/parse-source.ts';
import { testEnvironment } from '../support/release-context.ts';
import { makeRepository } from '../support/repository.ts';
import { temporaryDirectory, type Seed } from '../support/temporary-directory.ts';
import { hintOf, saying } from '../support/hint-of.ts';

const fs = createDiskFileSystem();

function parse(text: string, seed: Seed = {}): { source: Source; directory: string } {
  const directory = temporaryDirectory(seed);
  const environment = testEnvironment({ workingDirectory: directory, homeDirectory: directory });
  return { source: parseSource(text, { fs, environment }), directory };
}

function refusal(text: string, seed: Seed = {}): InstallError {
  try {
    parse(text, seed);
  } catch (error) {
    if (error instanceof InstallError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('addresses', () => {
  it.each([
    ['https://Example.org/acme/packs.git', 'https://example.org/acme/packs.git'],
    ['https://example.org:8443/acme/packs/', 'https://example.org:8443/acme/packs'],
    ['ssh://git@example.org:22/acme/packs', 'ssh://git@example.org:22/acme/packs'],
    ['git@example.org:acme/packs.git', 'git@example.org:acme/packs.git'],
    ['acme/packs', 'https://github.com/acme/packs.git'],
    ['acme/packs.git', 'https://github.com/acme/packs.git'],
  ])('%s is the repository %s', (text, url) => {
    expect(parse(text).source).toEqual({ kind: 'git', url, allowHttp: false });
  });

  it.each([
    'https://example.org/acme/packs.git',
    'ssh://git@example.org/acme/packs',
    'git@example.org:acme/packs.git',
    'acme/packs',
  ])('the canonical address of %s means the same source again', (text) => {
    const { source } = parse(text);
    expect(parse(source.url).source).toEqual(source);
  });

  it('accepts http only when it is allowed', () => {
    const environment = testEnvironment();
    const text = 'http://example.org/packs.git';
    expect(refusal(text).code).toBe('E_SOURCE_FORBIDDEN');
    expect(parseSource(text, { fs, environment, allowHttp: true })).toEqual({
      kind: 'git',
      url: text,
      allowHttp: true,
    });
  });
});

describe('hostile source strings', () => {
  it.each([
    ['--upload-pack=x', 'E_SOURCE_FORBIDDEN'],
    ['-uexample', 'E_SOURCE_FORBIDDEN'],
    ['ext::sh -c id', 'E_SOURCE_FORBIDDEN'],
    ['EXT::sh -c id', 'E_SOURCE_FORBIDDEN'],
    ['fd::7', 'E_SOURCE_FORBIDDEN'],
    ['https::https://example.org/x', 'E_SOURCE_FORBIDDEN'],
    ['git://example.org/packs.git', 'E_SOURCE_FORBIDDEN'],
    ['ftp://example.org/packs.git', 'E_SOURCE_FORBIDDEN'],
    ['HTTPS://example.org/packs.git', 'E_SOURCE_FORBIDDEN'],
    ['Ssh://example.org/packs.git', 'E_SOURCE_FORBIDDEN'],
    ['ssh://-oProxyCommand=id/packs', 'E_SOURCE_FORBIDDEN'],
    ['ssh://git@-oProxyCommand=id/packs', 'E_SOURCE_FORBIDDEN'],
    ['git@-oProxyCommand=id:packs', 'E_SOURCE_FORBIDDEN'],
    ['git@example.org:-packs', 'E_SOURCE_FORBIDDEN'],
    ['git@ext::https://example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['git@example.org::packs', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/packs\r.git', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/packs\n.git', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/packs\0.git', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/packs\u202e.git', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/packs%0a.git', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/%2e%2e/packs', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/%252e%252e/packs', 'E_SOURCE_FORBIDDEN'],
    ['https://example.org/../packs', 'E_SOURCE_FORBIDDEN'],
    ['git@example.org:../packs', 'E_SOURCE_FORBIDDEN'],
    ['file://example.org/packs', 'E_SOURCE_FORBIDDEN'],
    ['https:example.org/packs', 'E_SOURCE_INVALID'],
    ['https://example.org', 'E_SOURCE_INVALID'],
    ['https://exa mple.org/packs', 'E_SOURCE_INVALID'],
    ['https://example.org/packs?ref=x', 'E_SOURCE_INVALID'],
    ['https://example.org/packs.tar.gz', 'E_SOURCE_INVALID'],
    ['', 'E_SOURCE_INVALID'],
    ['no-such-thing', 'E_SOURCE_INVALID'],
    ['./no-such-thing', 'E_SOURCE_INVALID'],
    ['a/b/c', 'E_SOURCE_INVALID'],
    ['acme/...', 'E_SOURCE_INVALID'],
    ['acme/..', 'E_SOURCE_NOT_PROTOCOL'],
  ])('%j is refused with %s and a hint', (text, code) => {
    const error = refusal(text);
    expect([error.code, error.exitCode]).toEqual([code, 5]);
    expect(hintOf(error)).toMatch(/\w/);
  });

  it.each([
    'https://user:hunter2@example.org/packs',
    'https://hunter2@example.org/packs',
    'ssh://git:hunter2@example.org/packs',
  ])('%s is refused without showing the secret', (text) => {
    const error = refusal(text);
    expect(error.code).toBe('E_SOURCE_FORBIDDEN');
    expect(JSON.stringify([error.message, error.remedy, error.details])).not.toContain('hunter2');
  });
});

describe('local sources', () => {
  const catalog = { 'identity/catalog/identities.yaml': 'version: "1.0"\n' };

  it('takes a directory with a catalog for a protocol tree', () => {
    const { source, directory } = parse('.', catalog);
    expect(source).toEqual({ kind: 'directory', url: directory, form: 'protocol' });
  });

  it('takes a directory with a prompt for a pack', () => {
    const { source, directory } = parse('~/pack', { 'pack/IDENTITY_PROMPT.md': 'x' });
    expect(source).toEqual({ kind: 'directory', url: join(directory, 'pack'), form: 'pack' });
  });

  it('prefers an existing directory to the repository of the same name on GitHub', () => {
    const { source } = parse('acme/packs', { 'acme/packs/META.yaml': 'id: x\n' });
    expect(source.kind).toBe('directory');
  });

  it('decodes a file address', () => {
    const directory = temporaryDirectory({ 'my pack/META.yaml': 'id: x\n' });
    const { source } = parse(`file://${directory}/my%20pack`);
    expect(source.url).toBe(join(directory, 'my pack'));
  });

  it('follows a link that the user named', () => {
    const directory = temporaryDirectory({ 'real/META.yaml': 'id: x\n' });
    symlinkSync('real', join(directory, 'link'));
    expect(parse(join(directory, 'link')).source.url).toBe(join(directory, 'real'));
  });

  it('knows bare repositories, work trees and linked work trees', () => {
    const { path } = makeRepository();
    const tree = temporaryDirectory();
    execFileSync('git', ['init', '--quiet', tree], { env: { PATH: process.env['PATH'] } });
    const linked = temporaryDirectory();
    writeFileSync(join(linked, '.git'), `gitdir: ${path}\n`);
    for (const url of [path, tree, linked]) {
      expect(parse(url).source).toEqual({ kind: 'repository', url });
    }
    expect(parse(join(tree, '.git')).source).toEqual({ kind: 'repository', url: tree });
  });

  it('knows a bundle by its header and an archive by its name', () => {
    const seed = { a: '# v2 git bundle\n', 'b.tgz': '', 'c.tar.gz': '' };
    expect(parse('./a', seed).source.kind).toBe('bundle');
    expect(parse('./b.tgz', seed).source.kind).toBe('archive');
    expect(parse('c.tar.gz', seed).source.kind).toBe('archive');
  });

  it.each(['./empty', './file'])('%s is neither a repository nor a pack', (text) => {
    expect(refusal(text, { empty: null, file: 'text' }).code).toBe('E_SOURCE_NOT_PROTOCOL');
  });

  it('refuses the repository of another user, also behind a linked work tree', () => {
    const { path } = makeRepository();
    const linked = temporaryDirectory();
    writeFileSync(join(linked, '.git'), `gitdir: ${path}\n`);
    mkdirSync(join(linked, 'x'));
    const environment = testEnvironment({ uid: 4242 });
    for (const text of [path, linked]) {
      expect(() => parseSource(text, { fs, environment })).toThrow(
        expect.objectContaining({
          code: 'E_SOURCE_FOREIGN',
          remedy: saying('git bundle create'),
        }),
      );
    }
  });
});

it('the starter is a bundle of this package', () => {
  const environment = testEnvironment({ packageDirectory: '/opt/package' });
  expect(parseSource('starter', { fs, environment })).toEqual({
    kind: 'starter',
    url: 'starter',
    path: '/opt/package/dist/starter.bundle',
  });
});
