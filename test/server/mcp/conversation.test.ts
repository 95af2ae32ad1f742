import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { connectClient } from '../../support/mcp.ts';
import { installedScene, openScene, whenStaged } from '../../support/scene.ts';

const files = { 'CURRENT_TASK.json': '{}\n', 'notes.md': 'shipped\n' };

describe('a conversation with identity mcp', () => {
  it('logs what calls do, from the level on that was asked for', async () => {
    const { context } = await installedScene(files);
    const { client, logged, answer, refusal } = await connectClient(context);
    await client.setLoggingLevel('warning');
    await answer('identity_status');
    await refusal('identity_show', { id: 'nobody' });
    expect(logged.map(({ level }) => level)).toEqual(['warning']);
    expect(logged[0]?.data).toContain('E_ID_UNKNOWN');
    await client.setLoggingLevel('info');
    await answer('identity_status');
    expect(logged.at(-1)).toEqual({ level: 'info', data: 'identity_status is done.' });
  });

  it('tells how far a call has come, with numbers that grow, to a client that asks for it', async () => {
    const { context } = await installedScene(files);
    const { client } = await connectClient(context);
    const notes: { progress: number; message?: string | undefined }[] = [];
    const given = { name: 'identity_verify', arguments: {} };
    await client.callTool(given, undefined, { onprogress: (note) => notes.push(note) });
    expect(notes.map(({ message }) => message)).toContain('Hashing helper');
    expect(notes.map(({ progress }) => progress)).toEqual(notes.map((_, index) => index + 1));
  });

  it('undoes an install that the client cancels, and goes on', async () => {
    const scene = openScene(files);
    const controller = new AbortController();
    // The client's word reaches the server while everything is staged and nothing is swapped.
    const fs = whenStaged(() => controller.abort());
    const context = scene.through({
      ...fs,
      async barrier(paths) {
        await fs.barrier(paths);
        // Client and server share their memory: in one turn the word of the one is with the other.
        await setImmediate();
      },
    });
    const { client, logged, answer, server } = await connectClient(context, { allowWrite: true });
    const { planDigest } = await answer('identity_plan_install', {
      id: 'helper',
      from: scene.from,
    });
    const given = { name: 'identity_install', arguments: { plan_digest: planDigest } };
    await expect(
      client.callTool(given, undefined, { signal: controller.signal }),
    ).rejects.toThrow();
    await server.idle();
    expect(logged.at(-1)?.data).toContain('E_INTERRUPTED');
    expect(scene.context.fs.stat(scene.instance)).toBeUndefined();
    const again = await answer('identity_install', { plan_digest: planDigest });
    expect(again).toMatchObject({ outcome: 'done' });
  });
});
