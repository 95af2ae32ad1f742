import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { OperationContext } from '../../../src/operations/context.ts';
import { createTestDisk } from '../../support/test-disk.ts';
import { helperRelease } from '../../support/helper-pack.ts';
import { homeState } from '../../support/hostile-scene.ts';
import { connectClient, textOfResult } from '../../support/mcp.ts';
import { makeRepository } from '../../support/repository.ts';
import { installedScene, openScene } from '../../support/scene.ts';
import { openWorkshop } from '../../support/workshop.ts';

const files = { 'CURRENT_TASK.json': '{}\n', 'notes.md': 'shipped\n' };

/** A server that takes a connection and never says a word. */
async function silentServer() {
  const server = createServer();
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const gone = connected.then(async ([socket]) => {
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'close');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}/acme/identities.git`, connected, gone };
}

/** The context, with a fetch that takes until it is called off, and when the first has begun. */
function withEndlessFetch(given: OperationContext) {
  const { git } = given;
  let begin = (): void => undefined;
  const fetching = new Promise<void>((resolve) => (begin = resolve));
  const fetch: typeof git.fetch = async (store, remote, request, options) => {
    const calledOff = new Promise((resolve) => options?.signal?.addEventListener('abort', resolve));
    begin();
    await calledOff;
    await git.fetch(store, remote, request, options);
  };
  const context = { ...given, git: { ...git, fetch } };
  return { context, fetching };
}

describe('a plan that is cancelled', () => {
  it('while its source says nothing lets go of it, and kept nobody waiting who did not need to', async () => {
    const { context } = openWorkshop();
    const source = await silentServer();
    const { client, logged, answer, server } = await connectClient(context);
    const controller = new AbortController();
    const steps: (string | undefined)[] = [];
    const looking = new Promise<void>((resolve) => {
      const given = {
        name: 'identity_plan_install',
        arguments: { id: 'helper', from: source.url },
      };
      const options = {
        signal: controller.signal,
        onprogress: ({ message }: { message?: string | undefined }) => {
          steps.push(message);
          resolve();
        },
      };
      client.callTool(given, undefined, options).catch(() => undefined);
    });
    await looking;
    await source.connected;
    expect(steps).toEqual([`Looking at ${source.url}`]);
    expect(await answer('identity_list')).toHaveProperty('data');
    controller.abort();
    await server.idle();
    await source.gone;
    expect(logged.at(-1)).toMatchObject({
      level: 'warning',
      data: expect.stringContaining('E_INTERRUPTED'),
    });
    const { path: from } = makeRepository({ 'v1.0.0': helperRelease(files) });
    expect(await answer('identity_plan_install', { id: 'helper', from })).toMatchObject({
      id: 'helper',
    });
  });

  it('in the midst of its fetch has changed nothing, and one that waited behind it never begins', async () => {
    const scene = await installedScene(files, { ...files, 'new.md': 'new\n' });
    const before = homeState(scene.home);
    const { context, fetching } = withEndlessFetch(scene.context);
    const { client, logged, server } = await connectClient(context);
    const [first, second] = [new AbortController(), new AbortController()];
    const steps: (string | undefined)[] = [];
    const plan = (signal: AbortSignal) =>
      client.callTool({ name: 'identity_plan_install', arguments: { id: 'helper' } }, undefined, {
        signal,
        onprogress: ({ message }) => steps.push(message),
      });
    const calls = [plan(first.signal), plan(second.signal)].map((call) => call.catch(String));
    await fetching;
    expect(steps.at(-1)).toBe(`Fetching from ${scene.from}`);
    second.abort();
    first.abort();
    await Promise.all(calls);
    await server.idle();
    expect(steps.filter((step) => step?.startsWith('Looking'))).toHaveLength(1);
    expect(logged.filter(({ level }) => level === 'warning')).toHaveLength(2);
    expect(homeState(scene.home)).toEqual(before);
  });
});

describe('an install that is cancelled', () => {
  /** Cancels at the barrier of that number, and says how many there were. */
  const cancelAt = async (number: number) => {
    const scene = openScene(files);
    const disk = createTestDisk();
    let barriers = 0;
    let cancel = (): void => undefined;
    const context = scene.through({
      ...disk,
      async barrier(paths) {
        await disk.barrier(paths);
        barriers += 1;
        if (barriers === number) cancel();
        // Client and server share their memory: in one turn the word of the one is with the other.
        await setImmediate();
      },
    });
    const { client, logged, answer, server } = await connectClient(context, { allowWrite: true });
    const { planDigest } = await answer('identity_plan_install', {
      id: 'helper',
      from: scene.from,
    });
    const controller = new AbortController();
    barriers = 0;
    cancel = () => controller.abort();
    const given = { name: 'identity_install', arguments: { plan_digest: planDigest } };
    await client.callTool(given, undefined, { signal: controller.signal }).catch(() => undefined);
    await server.idle();
    const said = String(logged.at(-1)?.data);
    const verified = await answer('identity_verify');
    const there = scene.context.fs.stat(scene.instance) !== undefined;
    return { barriers, said, there, verified };
  };

  it('at any barrier is finished or undone, and the log says which', async () => {
    const { barriers } = await cancelAt(0);
    expect(barriers).toBeGreaterThan(1);
    const seen = new Set<boolean>();
    for (let number = 1; number <= barriers; number += 1) {
      const { said, there, verified } = await cancelAt(number);
      seen.add(there);
      expect(said, `barrier ${number}`).toContain(
        there
          ? 'was too far along to be stopped and has finished'
          : 'was stopped and changed no instance',
      );
      expect(verified).toMatchObject({ intact: true, identities: there ? [{ id: 'helper' }] : [] });
    }
    expect(seen).toEqual(new Set([true, false]));
  });
});

describe('installs that are asked for at once', () => {
  it('with the same digest happen once', async () => {
    const scene = openScene(files);
    const { call, answer } = await connectClient(scene.context, { allowWrite: true });
    const { planDigest } = await answer('identity_plan_install', {
      id: 'helper',
      from: scene.from,
    });
    const given = { plan_digest: planDigest };
    const all = await Promise.all([1, 2, 3].map(() => call('identity_install', given)));
    expect(all.filter(({ isError }) => isError !== true)).toHaveLength(1);
    const { identities } = await answer('identity_status');
    expect(identities[0].operations).toHaveLength(1);
  });

  it('from two servers on one home: one of two plans wins, and the home is whole', async () => {
    const scene = await installedScene(files, { ...files, 'new.md': 'new\n' });
    const left = await connectClient(scene.context, { allowWrite: true });
    const right = await connectClient(scene.context, { allowWrite: true });
    const merge = await left.answer('identity_plan_install', { id: 'helper', mode: 'merge' });
    const add = await right.answer('identity_plan_install', { id: 'helper' });
    expect(merge['planDigest']).not.toBe(add['planDigest']);
    const outcomes = await Promise.all([
      left.call('identity_install', { plan_digest: merge['planDigest'] }),
      right.call('identity_install', { plan_digest: add['planDigest'] }),
    ]);
    const refused = outcomes.filter(({ isError }) => isError === true);
    expect(refused.map(textOfResult)).toEqual([
      expect.stringMatching(/"code": "(E_HOME_LOCKED|E_PLAN_CHANGED)"/),
    ]);
    expect(await left.answer('identity_verify')).toMatchObject({ intact: true });
  });
});

describe('the digest of a plan', () => {
  it('is good for nothing once a newer release is there, and nothing is changed', async () => {
    const workshop = openWorkshop();
    const repository = makeRepository({ 'v1.0.0': helperRelease(files) });
    const { answer, refusal } = await connectClient(workshop.context, { allowWrite: true });
    const { planDigest } = await answer('identity_plan_install', {
      id: 'helper',
      from: repository.path,
    });
    repository.annotate('v1.1.0', repository.commit(helperRelease({ ...files, 'new.md': 'x\n' })));
    const before = homeState(workshop.home);
    expect(await refusal('identity_install', { plan_digest: planDigest })).toMatchObject({
      code: 'E_PLAN_CHANGED',
    });
    expect(homeState(workshop.home)).toEqual(before);
  });

  it('that another server has shown for another home is unknown, and nothing is changed', async () => {
    const [one, other] = [openWorkshop(), openWorkshop()];
    const { path: from } = makeRepository({ 'v1.0.0': helperRelease(files) });
    const there = await connectClient(other.context, { allowWrite: true });
    const { planDigest } = await there.answer('identity_plan_install', { id: 'helper', from });
    const { refusal } = await connectClient(one.context, { allowWrite: true });
    const before = homeState(one.home);
    expect(await refusal('identity_install', { plan_digest: planDigest })).toMatchObject({
      code: 'E_PLAN_UNKNOWN',
    });
    expect(homeState(one.home)).toEqual(before);
  });

  it('applied once is no longer good, and applying it again changes nothing', async () => {
    const scene = openScene(files);
    const { answer, refusal } = await connectClient(scene.context, { allowWrite: true });
    const { planDigest } = await answer('identity_plan_install', {
      id: 'helper',
      from: scene.from,
    });
    await answer('identity_install', { plan_digest: planDigest });
    const before = homeState(scene.home);
    expect(await refusal('identity_install', { plan_digest: planDigest })).toMatchObject({
      code: 'E_PLAN_CHANGED',
    });
    expect(homeState(scene.home)).toEqual(before);

    const undo = await answer('identity_rollback', { ref: 'last' });
    await answer('identity_rollback', { plan_digest: undo['planDigest'] });
    const after = homeState(scene.home);
    expect(await refusal('identity_rollback', { plan_digest: undo['planDigest'] })).toMatchObject({
      exitCode: 3,
    });
    expect(homeState(scene.home)).toEqual(after);
  });
});
