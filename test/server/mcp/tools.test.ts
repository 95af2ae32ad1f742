import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectClient, textOfResult } from '../../support/mcp.ts';
import { installedScene, openScene, textOf } from '../../support/scene.ts';

const files = { 'CURRENT_TASK.json': '{}\n', 'notes.md': 'shipped\n' };

const reading = [
  'identity_list',
  'identity_show',
  'identity_status',
  'identity_plan_install',
  'identity_verify',
  'identity_validate',
];
const writing = ['identity_install', 'identity_rollback'];

describe('the tools of identity mcp', () => {
  it('are listed without those that write, and said to be read-only', async () => {
    const { client } = await connectClient(openScene(files).context);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(reading);
    for (const { name, annotations, outputSchema } of tools) {
      expect(annotations).toMatchObject({
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: name === 'identity_plan_install',
      });
      expect(outputSchema?.type).toBe('object');
    }
  });

  it('are listed with those that write under --allow-write, and these are said to write', async () => {
    const { client } = await connectClient(openScene(files).context, { allowWrite: true });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([...reading, ...writing]);
    for (const tool of tools.slice(reading.length)) {
      expect(tool.annotations).toMatchObject({
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: true,
        openWorldHint: tool.name === 'identity_install',
      });
    }
  });

  it.each(writing)('%s is refused without leave to write, and nothing is changed', async (name) => {
    const scene = await installedScene(files);
    const before = scene.tree();
    const { refusal } = await connectClient(scene.context);
    const given = name === 'identity_install' ? { plan_digest: 'a'.repeat(64) } : { ref: 'last' };
    expect(await refusal(name, given)).toMatchObject({
      schema: 'identity-install/error@1',
      code: 'E_WRITE_NOT_ALLOWED',
      hint: 'To let it change them, a person has to start this server with its option `allow-write`.',
    });
    expect(scene.tree()).toEqual(before);
  });

  it('list, show, status, verify and validate tell of what is installed and write nothing into it', async () => {
    const scene = await installedScene(files);
    const before = scene.tree();
    const { answer } = await connectClient(scene.context);
    const { data } = await answer('identity_list');
    expect(data[0].identities).toMatchObject([{ id: 'helper' }]);
    expect(await answer('identity_show', { id: 'helper' })).toMatchObject({
      identity: { id: 'helper' },
      directory: scene.instance,
      prompt: 'identity://helper/IDENTITY_PROMPT.md',
      installed: { release: { tag: 'v1.0.0' }, instance: scene.instance },
    });
    expect(await answer('identity_status')).toMatchObject({
      identities: [{ id: 'helper', clean: true, operations: [{ operation: 'install' }] }],
    });
    expect(await answer('identity_verify')).toMatchObject({ intact: true });
    expect(await answer('identity_validate', { ids: ['helper'] })).toMatchObject({
      identities: [
        {
          id: 'helper',
          findings: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]),
        },
      ],
    });
    expect(scene.tree()).toEqual(before);
  });

  it('status and verify name drift', async () => {
    const scene = await installedScene(files);
    writeFileSync(scene.path('notes.md'), 'mine\n');
    const { answer } = await connectClient(scene.context);
    expect(await answer('identity_status')).toMatchObject({
      identities: [{ clean: false, files: { modified: 1, missing: 0 } }],
    });
    expect(await answer('identity_verify')).toMatchObject({
      intact: false,
      identities: [{ modified: ['notes.md'] }],
    });
  });

  it('install applies the plan that was shown, and rollback the one that was shown for it', async () => {
    const scene = openScene(files);
    const { answer } = await connectClient(scene.context, { allowWrite: true });
    const plan = await answer('identity_plan_install', { id: 'helper', from: scene.from });
    expect(plan).toMatchObject({ wouldChange: true, instanceExists: false });
    expect(scene.context.fs.stat(scene.instance)).toBeUndefined();
    const done = await answer('identity_install', { plan_digest: plan['planDigest'] });
    expect(done).toMatchObject({ id: 'helper', outcome: 'done', release: { tag: 'v1.1.0' } });
    expect(textOf(scene.path('notes.md'))).toBe('shipped\n');

    const undo = await answer('identity_rollback', { ref: done['operation'].ref });
    expect(undo).toMatchObject({ outcome: 'planned', operation: null });
    expect(textOf(scene.path('notes.md'))).toBe('shipped\n');
    const undone = await answer('identity_rollback', { plan_digest: undo['planDigest'] });
    expect(undone).toMatchObject({ outcome: 'done', undoes: done['operation'].ref });
    expect(scene.context.fs.stat(scene.path('notes.md'))).toBeUndefined();
  });

  it('install and rollback refuse a digest that was never shown, or was shown for the other', async () => {
    const scene = await installedScene(files, { ...files, 'new.md': 'new\n' });
    const before = scene.tree();
    const { answer, refusal } = await connectClient(scene.context, { allowWrite: true });
    const { planDigest } = await answer('identity_plan_install', { id: 'helper' });
    const unknown = { code: 'E_PLAN_UNKNOWN' };
    const never = { plan_digest: 'a'.repeat(64) };
    expect(await refusal('identity_install', never)).toMatchObject(unknown);
    expect(await refusal('identity_rollback', never)).toMatchObject(unknown);
    expect(await refusal('identity_rollback', { plan_digest: planDigest })).toMatchObject(unknown);
    expect(scene.tree()).toEqual(before);
  });

  it('install refuses a plan that is no longer the one that was shown', async () => {
    const scene = await installedScene(files, { ...files, 'new.md': 'new\n' });
    const { answer, refusal } = await connectClient(scene.context, { allowWrite: true });
    const plan = await answer('identity_plan_install', { id: 'helper' });
    expect(plan['changes']).toEqual([{ kind: 'add', path: 'new.md' }]);
    writeFileSync(scene.path('new.md'), 'mine\n');
    const before = scene.tree();
    expect(await refusal('identity_install', { plan_digest: plan['planDigest'] })).toMatchObject({
      code: 'E_PLAN_CHANGED',
      exitCode: 3,
    });
    expect(scene.tree()).toEqual(before);
  });

  it.each([
    ['identity_show', {}, "must have required property 'id'"],
    ['identity_show', { id: 'NO' }, 'must match pattern'],
    ['identity_show', { id: 'helper', more: 1 }, 'no argument "more"'],
    ['identity_plan_install', { id: 'helper', mode: 'force' }, 'must be one of preserve'],
    ['identity_plan_install', { id: 'helper', prune: true }, 'only in the mode replace'],
    ['identity_validate', { contracts: ['none'] }, 'must be one of'],
    ['identity_validate', { now: 'yesterday' }, 'now is not a valid time'],
    ['identity_rollback', {}, 'either ref or plan_digest'],
    ['identity_rollback', { ref: 'last', paths: ['../x'] }, 'not a path inside'],
  ])(
    '%s with %j is refused with what is wrong, and the server goes on',
    async (name, args, why) => {
      const { context } = await installedScene(files);
      const { refusal, answer } = await connectClient(context, { allowWrite: true });
      const error = await refusal(name, args);
      expect(error).toMatchObject({ code: 'E_USAGE', hint: expect.any(String) });
      expect(error['message']).toContain(why);
      expect(await answer('identity_status')).toMatchObject({ identities: [{ id: 'helper' }] });
    },
  );

  it('replace is refused without a backup', async () => {
    const scene = await installedScene(files);
    const { refusal } = await connectClient(scene.context);
    expect(await refusal('identity_plan_install', { id: 'helper', mode: 'replace' })).toMatchObject(
      { code: 'E_REPLACE_NEEDS_BACKUP' },
    );
  });

  it('a tool that does not exist is an error of the protocol, and the server goes on', async () => {
    const { client, answer } = await connectClient(openScene(files).context);
    await expect(client.callTool({ name: 'identity_format_disk' })).rejects.toMatchObject({
      code: -32602,
    });
    expect(await answer('identity_list')).toHaveProperty('data');
  });

  it('errors carry code and hint, neither credentials nor a stack', async () => {
    const scene = openScene(files);
    const { call, refusal } = await connectClient(scene.context);
    const given = { id: 'helper', from: 'ftp://me:secret@example.org/x.git' };
    const text = textOfResult(await call('identity_plan_install', given));
    expect(text).not.toContain('secret');
    expect(text).not.toMatch(/\.ts:|node_modules|\bat .*:\d+/);
    expect(await refusal('identity_show', { id: 'nobody' })).toMatchObject({
      code: 'E_ID_UNKNOWN',
    });
  });

  it('answer with at most a thousand entries of a list, and say how many they leave out', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 1200 }, (_none, index) => [`part/f${index}.md`, 'text\n']),
    );
    const scene = openScene({ ...files, ...many });
    const { answer } = await connectClient(scene.context, { allowWrite: true });
    const plan = await answer('identity_plan_install', { id: 'helper', from: scene.from });
    expect(plan['changes']).toHaveLength(1000);
    expect(plan['omitted']).toBe(1200 + 3 - 1000);
  });

  it('text that a terminal would obey comes escaped, and its value is the same', async () => {
    const evil = 'a\u202eb\u001b.md';
    const scene = await installedScene(files);
    writeFileSync(scene.path(evil), 'x');
    const { call } = await connectClient(scene.context);
    const result = await call('identity_verify');
    expect(textOfResult(result)).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(JSON.parse(textOfResult(result))).toEqual(result.structuredContent);
    expect(JSON.parse(textOfResult(result)).identities[0].localOnly).toEqual([evil]);
  });

  it('calls that come at once take turns instead of finding the home in use', async () => {
    const { context } = await installedScene(files);
    const { answer } = await connectClient(context);
    const all = await Promise.all(Array.from({ length: 4 }, () => answer('identity_verify')));
    expect(all.map((one) => Boolean(one['intact']))).toEqual([true, true, true, true]);
  });
});

describe('the resources of identity mcp', () => {
  it('are the files of each identity, with a template, and can be read as text or bytes', async () => {
    const scene = await installedScene({ ...files, 'sub/ä ö.md': 'umlaut\n', 'raw.bin': 'a\0b' });
    const { client } = await connectClient(scene.context);
    const { resources } = await client.listResources();
    const uris = resources.map(({ uri }) => uri);
    expect(uris).toContain('identity://helper/CURRENT_TASK.json');
    const umlaut = 'identity://helper/sub/%C3%A4%20%C3%B6.md';
    expect(uris).toContain(umlaut);
    expect((await client.readResource({ uri: umlaut })).contents).toEqual([
      { uri: umlaut, text: 'umlaut\n', mimeType: 'text/markdown' },
    ]);
    const raw = 'identity://helper/raw.bin';
    expect((await client.readResource({ uri: raw })).contents).toMatchObject([
      { blob: Buffer.from('a\0b').toString('base64') },
    ]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject([{ uriTemplate: 'identity://{id}/{+path}' }]);
  });

  it('come in pages that together hold every file once', async () => {
    const scene = await installedScene(files);
    for (let index = 0; index < 1100; index += 1) writeFileSync(scene.path(`f${index}.md`), '');
    const { client } = await connectClient(scene.context);
    const uris: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listResources({ ...(cursor !== undefined && { cursor }) });
      uris.push(...page.resources.map(({ uri }) => uri));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(uris).toHaveLength(3 + 1100);
    expect(new Set(uris).size).toBe(uris.length);
    await expect(client.listResources({ cursor: 'x' })).rejects.toMatchObject({ code: -32602 });
  });

  it.each([
    'identity://helper/../../secret',
    'identity://helper/%2e%2e/%2e%2e/secret',
    'identity://helper/%2e%2e%2f%2e%2e%2fsecret',
    'identity://helper//etc/passwd',
    'identity://helper/link',
    'identity://helper/linked/secret',
    'identity://helper/nothing.md',
    'identity://helper/%zz',
    'identity://nobody/IDENTITY_PROMPT.md',
    'file:///etc/passwd',
  ])('%s is not there', async (uri) => {
    const scene = await installedScene(files);
    writeFileSync(join(scene.home, 'secret'), 'outside');
    symlinkSync(join(scene.home, 'secret'), scene.path('link'));
    symlinkSync(scene.home, scene.path('linked'));
    const { client } = await connectClient(scene.context);
    await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32002 });
    const { resources } = await client.listResources();
    expect(resources.some((resource) => resource.uri.includes('link'))).toBe(false);
  });

  it('a file beyond the bound is refused', async () => {
    const scene = await installedScene(files);
    writeFileSync(scene.path('large.md'), 'x'.repeat(1024 * 1024 + 1));
    const { client } = await connectClient(scene.context);
    await expect(client.readResource({ uri: 'identity://helper/large.md' })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('larger'),
    });
  });
});

describe('the prompts of identity mcp', () => {
  it('are the prompts of the identities', async () => {
    const scene = await installedScene(files);
    const { client } = await connectClient(scene.context);
    expect((await client.listPrompts()).prompts).toMatchObject([{ name: 'helper' }]);
    expect((await client.getPrompt({ name: 'helper' })).messages).toEqual([
      { role: 'user', content: { type: 'text', text: 'one\n' } },
    ]);
    await expect(client.getPrompt({ name: 'nobody' })).rejects.toMatchObject({
      code: -32602,
      data: { code: 'E_ID_UNKNOWN' },
    });
  });
});
