import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HeaderData } from 'tar/header';
import type { ErrorCode } from '../../src/core/error-codes.ts';
import { helperRelease } from '../support/helper-pack.ts';
import { expectRefused, openScene, soundPack, suiteScene } from '../support/hostile-scene.ts';
import { endOfArchive, gzipped, rawMember, rawPax } from '../support/tar-fixtures.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

const scene = suiteScene();

async function refuses(from: string, code: ErrorCode): Promise<void> {
  const args = ['helper', '--from', from, '--replace', '--backup'];
  await expectRefused(() => scene.run('identity-install', ...args), { code }, [scene.home]);
}

describe('a member of an archive', () => {
  const header = (fields: HeaderData) => rawMember({ path: 'x', ...fields });
  const twice = [rawMember({ path: 'same' }), rawMember({ path: 'same' })];
  it.each<[string, ErrorCode, Buffer[]]>([
    ['symbolic link', 'E_PACK_ENTRY', [header({ type: 'SymbolicLink', linkpath: '/etc/passwd' })]],
    ['hard link', 'E_PACK_ENTRY', [header({ type: 'Link', linkpath: 'META.yaml' })]],
    ['character device', 'E_PACK_ENTRY', [header({ type: 'CharacterDevice' })]],
    ['block device', 'E_PACK_ENTRY', [header({ type: 'BlockDevice' })]],
    ['FIFO', 'E_PACK_ENTRY', [header({ type: 'FIFO' })]],
    ['..', 'E_PACK_ENTRY', [header({ path: '../../victim' })]],
    ['.. in the middle', 'E_PACK_ENTRY', [header({ path: 'a/../../victim' })]],
    ['absolute path', 'E_PACK_ENTRY', [header({ path: '/etc/victim' })]],
    ['backslash', 'E_PACK_ENTRY', [header({ path: 'a\\..\\victim' })]],
    ['duplicate', 'E_PACK_ENTRY', twice],
    ['path that a pax header moves', 'E_PACK_ENTRY', [rawPax({ path: '../victim' }), header({})]],
    ['link that a pax header makes', 'E_PACK_ENTRY', [rawPax({ linkpath: '/etc' }), header({})]],
    ['path for all that follow', 'E_PACK_ENTRY', [rawPax({ path: 'y' }, true), header({})]],
    ['repository inside', 'E_PACK_PATH', [header({ path: 'a/.git/config' })]],
    ['.GIT in another case', 'E_PACK_PATH', [header({ path: '.GIT/config' })]],
    ['set-user-id file', 'E_PACK_ENTRY', [header({ mode: 0o4755 })]],
    ['file that is a directory, too', 'E_PACK_COLLISION', [header({}), header({ path: 'x/y' })]],
    ['device name of Windows', 'E_PACK_PATH', [header({ path: 'con.txt' })]],
    ['bidi override in its name', 'E_PACK_PATH', [header({ path: 'a\u202eb' })]],
    ['leading dash', 'E_PACK_PATH', [header({ path: '-rf' })]],
    ['name that collides', 'E_PACK_COLLISION', [header({ path: 'meta.YAML' })]],
    ['submodule list', 'E_PACK_ENTRY', [header({ path: '.gitmodules' })]],
    ['nothing behind it', 'E_SOURCE_UNREACHABLE', [rawMember({ path: 'x', size: 4096 })]],
  ])('that is a %s is refused: %s', async (_what, code, members) => {
    const from = join(temporaryDirectory(), 'helper.tar.gz');
    const meta = rawMember({ path: 'META.yaml' }, 'id: helper\n');
    writeFileSync(from, gzipped(meta, ...members, endOfArchive));
    await refuses(from, code);
  });

  it('that is a sparse file is refused', async () => {
    const from = join(temporaryDirectory(), 'helper.tar.gz');
    const sparse = rawMember({ path: 'sparse' });
    sparse[156] = 'S'.charCodeAt(0);
    const sum = sparse.subarray(0, 512).reduce((all, byte, at) => {
      return all + (at >= 148 && at < 156 ? 0x20 : byte);
    }, 0);
    sparse.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    const meta = rawMember({ path: 'META.yaml' }, 'id: helper\n');
    writeFileSync(from, gzipped(meta, sparse, endOfArchive));
    await refuses(from, 'E_PACK_ENTRY');
  });
});

describe('a directory as a source', () => {
  const spoiled = (spoil: (at: string) => void): string => {
    const from = join(temporaryDirectory({ 'helper/META.yaml': 'id: helper\n' }), 'helper');
    spoil(from);
    return from;
  };
  it.each<[string, ErrorCode, (at: string) => void]>([
    ['link', 'E_PACK_ENTRY', (at) => symlinkSync('/etc/passwd', join(at, 'link'))],
    ['link to a directory', 'E_PACK_ENTRY', (at) => symlinkSync('/etc', join(at, 'link'))],
    ['FIFO', 'E_PACK_ENTRY', (at) => execFileSync('mkfifo', [join(at, 'fifo')])],
    ['set-user-id file', 'E_PACK_ENTRY', (at) => chmodSync(join(at, 'META.yaml'), 0o4755)],
    [
      'nested repository',
      'E_PACK_PATH',
      (at) => mkdirSync(join(at, 'a/.git'), { recursive: true }),
    ],
    ['leading dash', 'E_PACK_PATH', (at) => writeFileSync(join(at, '-rf'), '')],
    ['control character', 'E_PACK_PATH', (at) => writeFileSync(join(at, 'a\u001b[2J'), '')],
    [
      'name that is not UTF-8',
      'E_PACK_PATH',
      (at) => writeFileSync(Buffer.from(`${at}/\xff`, 'latin1'), ''),
    ],
    [
      'depth over 32',
      'E_PACK_LIMIT',
      (at) => mkdirSync(join(at, 'd/'.repeat(40)), { recursive: true }),
    ],
    [
      'git-LFS pointer',
      'E_PACK_LFS',
      (at) =>
        writeFileSync(
          join(at, 'model.bin'),
          `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 99\n`,
        ),
    ],
  ])('with a %s is refused: %s', async (_what, code, spoil) => {
    await refuses(spoiled(spoil), code);
  });

  it('with a hard link is a pack like any: the bytes are read, the link is not kept', async () => {
    const from = spoiled((at) => linkSync(join(at, 'META.yaml'), join(at, 'same.yaml')));
    expect((await scene.run('identity-install', '--from', from, '--plan')).status).toBe(0);
  });
});

it('.gitattributes change no byte: filters, line ends, substitutions and export rules', async () => {
  const own = await openScene();
  const files = {
    ...soundPack,
    '.gitattributes':
      '* filter=evil ident text=auto eol=crlf working-tree-encoding=UTF-16\nsecret.md export-ignore\n*.md export-subst\n',
    'secret.md': '$Format:%H$ $Id$\n',
    'mixed.md': 'a\r\nb\n',
  };
  own.repository.annotate('v2.0.0', own.repository.commit(helperRelease(files)));
  const ran = await own.run('identity-install', 'helper', '--replace', '--backup');
  expect(ran.status).toBe(0);
  const installed = treeOf(own.instance);
  const fresh = temporaryDirectory(files);
  for (const name of ['.gitattributes', 'secret.md', 'mixed.md']) {
    expect(installed[name]).toBe(treeOf(fresh)[name]);
  }
});
