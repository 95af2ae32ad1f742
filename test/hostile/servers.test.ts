import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { honestAnswer, serve, type Answer } from '../support/git-server.ts';
import { filesHolding, openScene, type Refusal } from '../support/hostile-scene.ts';
import {
  begin,
  endless,
  flush,
  hugeBlob,
  moreRefs,
  packet,
  packHeader,
  packOf,
  packPreamble,
  service,
  smartServer,
  versionTwo,
} from '../support/hostile-server.ts';
import { runStartingGit } from '../support/run-in-process.ts';
import { suiteOfServers } from '../support/server-scene.ts';

const servers = suiteOfServers();
const { directory, run, announced, sends, sendsPack, refuses, refusedWithin } = servers;

describe('a server that stalls is given up after the idle time', () => {
  const stalled = { code: 'E_SOURCE_UNREACHABLE', details: { reason: 'stalled' } };
  const short = { idleMs: 600 };

  test('before it says anything', async () => {
    expect(await refusedWithin(() => undefined, short)).toMatchObject(stalled);
  });

  test('in its headers', async () => {
    const answer: Answer = ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/x-git-up');
    };
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });

  test('in its list of refs', async () => {
    const half = announced().subarray(0, 60);
    const answer = smartServer(
      (_request, response) => void response.write(half),
      () => undefined,
    );
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });

  test('in its list of refs, with a byte now and then', async () => {
    const answer = smartServer(
      async (_request, response) => {
        for (const byte of announced()) {
          if (response.destroyed) return;
          response.write(Buffer.of(byte));
          await sleep(100);
        }
      },
      () => undefined,
    );
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });

  test('in its list of refs of protocol version 2', async () => {
    const answer = smartServer(
      (_request, response) => void response.end(versionTwo),
      (_request, response) => void response.write(moreRefs(1)),
    );
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });

  test.each<[string, Answer]>([
    ['before it says anything', () => undefined],
    [
      'in the middle of its pack',
      sends((_request, response) => {
        response.write(Buffer.concat([packPreamble(servers.offered.commit), packHeader(7)]));
      }),
    ],
  ])('%s, with the time that --timeout gives', async (_where, answer) => {
    const refusal = { code: 'E_SOURCE_UNREACHABLE', names: ['1 s', '127.0.0.1'] } as const;
    await refuses(answer, refusal, '--timeout', '1');
  });

  test('before its pack', async () => {
    const answer = sends((_request, response) => {
      response.write(packPreamble(servers.offered.commit));
    });
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });

  test('in the middle of its pack', async () => {
    const answer = sends((_request, response) => {
      const pack = packOf(servers.scene.repository, servers.offered.objects);
      response.write(Buffer.concat([packPreamble(servers.offered.commit), pack.subarray(0, 200)]));
    });
    expect(await refusedWithin(answer, short)).toMatchObject(stalled);
  });
});

describe('a server that sends without end is cut off', () => {
  const tooMuch: Refusal = { code: 'E_SOURCE_UNREACHABLE', names: 'announced more' };

  test('by the size of its refs', async () => {
    const answer = smartServer(
      (_request, response) => {
        response.write(announced().subarray(0, -4));
        endless(response, moreRefs);
      },
      () => undefined,
    );
    await refuses(answer, tooMuch);
  });

  test('by the size of its refs, in protocol version 2', async () => {
    const answer = smartServer(
      (_request, response) => void response.end(versionTwo),
      (_request, response) => endless(response, moreRefs),
    );
    await refuses(answer, tooMuch);
  });

  test('by the size of its capabilities', async () => {
    const answer = smartServer(
      (_request, response) => {
        response.write(versionTwo.subarray(0, -4));
        endless(response, (count) => packet(`${'x'.repeat(60_000)}${count}\n`));
      },
      () => undefined,
    );
    await refuses(answer, tooMuch);
  });

  test('by the size of refs that were packed to a thousandth', async () => {
    const answer: Answer = (_request, response) => {
      response.writeHead(200, {
        'content-type': 'application/x-git-upload-pack-advertisement',
        'content-encoding': 'gzip',
      });
      const bomb = Buffer.concat([announced().subarray(0, -4), Buffer.alloc(1 << 28, packet('x'))]);
      response.end(gzipSync(bomb));
    };
    await refuses(answer, tooMuch);
  });

  test('by the size of its pack', async () => {
    const answer = sends((_request, response) => {
      response.write(packPreamble(servers.offered.commit));
      response.write(packHeader(1));
      response.write(hugeBlob.start);
      endless(response, () => hugeBlob.piece);
    });
    const error = await refusedWithin(answer, { fetchBytes: 8 * 1024 * 1024 });
    expect(error).toMatchObject({ code: 'E_PACK_LIMIT', details: { reason: 'too-much' } });
    expect(error.message).toContain('8388608');
  });

  test('by the size of its pack, as the limits given to the program say', async () => {
    const answer = sends((_request, response) => {
      response.write(
        Buffer.concat([packPreamble(servers.offered.commit), packHeader(1), hugeBlob.start]),
      );
      endless(response, () => hugeBlob.piece);
    });
    const refusal = { code: 'E_PACK_LIMIT', names: ['67108864', '--max-total-bytes'] } as const;
    await refuses(answer, refusal, '--max-total-bytes', '1000000');
  });

  test('by what it says while it sends no pack', async () => {
    const answer = sends((_request, response) => {
      response.write(packPreamble(servers.offered.commit));
      endless(response, (count) => packet(`\u0002still at it ${count} ${'.'.repeat(900)}\n`));
    }, 'shallow side-band-64k');
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE', names: 'sends messages without end' });
  });

  test('by the number of objects that its pack claims', async () => {
    const answer = sendsPack(() => packHeader(0xffff_ffff));
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE' });
  });

  test('by the size of one header, and by the number of headers', async () => {
    const long: Answer = ({ socket }) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\nX-Long: ');
      socket.write('x'.repeat(64 * 1024 * 1024));
    };
    await refuses(long, { code: 'E_SOURCE_UNREACHABLE' });
    const many: Answer = ({ socket }) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\n');
      socket.write(`X-Many: ${'x'.repeat(1000)}\r\n`.repeat(64 * 1024));
    };
    await refuses(many, { code: 'E_SOURCE_UNREACHABLE' });
  });
});

describe('a server that answers with', () => {
  test.each([
    [401, 'credentials'],
    [403, 'credentials'],
    [404, 'git ls-remote'],
    [410, 'git ls-remote'],
    [500, 'git ls-remote'],
    [503, 'git ls-remote'],
  ])('status %i is refused at once, and nobody is asked for anything', async (status, names) => {
    let asked = 0;
    const answer: Answer = (_request, response) => {
      asked += 1;
      response.writeHead(status, { 'www-authenticate': 'Basic realm="x"' }).end('no');
    };
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE', names });
    expect(asked).toBe(1);
  });

  test.each([
    ['a page of HTML', 'text/html', '<html>\n<h1>Sign in</h1>\n</html>\n'],
    ['a page of HTML that says it is refs', undefined, '<html>\nSign in\n</html>\n'],
    ['nothing', undefined, ''],
    ['packet lines that lie about their length', undefined, '001e# service=git-upload-pack\nffff'],
    ['packet lines that have no length', undefined, '001e# service=git-upload-pack\n0000zzzz'],
  ])('%s is refused', async (_what, type, body) => {
    const answer: Answer = (request, response) => {
      if (type === undefined) begin(request, response).end(body);
      else response.writeHead(200, { 'content-type': type }).end(body);
    };
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE', names: '127.0.0.1' });
  });

  test.each([
    ['nothing', 'text/plain', ''],
    ['JSON', 'application/json', '{"ok": true}'],
  ])('%s, as a server does that only has files, has no release', async (_what, type, body) => {
    const answer: Answer = (_request, response) => {
      response.writeHead(200, { 'content-type': type }).end(body);
    };
    await refuses(answer, { code: 'E_TAG_NOT_FOUND', names: 'no tags at all' });
  });

  test('an error of git’s protocol has it shown, escaped', async () => {
    const answer = smartServer(
      (_request, response) =>
        void response.end(Buffer.concat([service, packet('ERR go \u001b[2Jaway\u202e')])),
      () => undefined,
    );
    const { stderr } = await refuses(answer, { code: 'E_SOURCE_UNREACHABLE' });
    expect(stderr).toContain('away\\u{202e}');
  });

  test('terminal escapes besides its pack, and an error there, has them escaped', async () => {
    const answer = sends((_request, response) => {
      response.write(packPreamble(servers.offered.commit));
      response.write(packet('\u0002\u001b]0;title\u0007hello\u001b[2J\n'));
      response.end(Buffer.concat([packet('\u0003fatal: \u001b[31mboom\u202e'), flush]));
    }, 'shallow side-band-64k');
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE' });
    await refuses(answer, { code: 'E_SOURCE_UNREACHABLE' }, '--verbose');
  });
});

describe('a redirection', () => {
  const to = (location: (path: string) => string): Answer => {
    return (request, response) => {
      response.writeHead(302, { location: location(request.url ?? '') }).end();
    };
  };

  test('to another host is refused, and nothing of its answer is used', async () => {
    const asked: string[] = [];
    const root = join(directory);
    const other = createServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.headers.authorization ?? ''}`);
      void honestAnswer(root, request).then(({ status, headers, body }) => {
        response.writeHead(status, headers).end(body);
      });
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    await refuses(
      to((path) => `http://localhost:${port}${path}`),
      { code: 'E_SOURCE_FORBIDDEN', names: ['localhost', '--from'] },
    );
    expect(asked.slice(0, 1)).toEqual(['GET ']);
  });

  test.each([
    ['a file', 'file:///etc/passwd'],
    ['a git remote helper', 'ext::sh -c touch% x'],
    ['git’s own transport', 'git://127.0.0.1/source.git/info/refs'],
    ['another protocol', 'ftp://127.0.0.1/source.git/info/refs'],
    ['a host with a terminal escape in it', 'ext://a%1b[31m/'],
  ])('to %s is refused', async (_what, location) => {
    await refuses(
      to(() => location),
      { code: 'E_SOURCE_FORBIDDEN' },
    );
  });

  test('to itself, for ever, is refused', async () => {
    await refuses(
      to((path) => path),
      { code: 'E_SOURCE_UNREACHABLE', names: 'redirects' },
    );
  });

  test('on the same host is followed', async () => {
    const address = await serve(async (request, response) => {
      const url = request.url ?? '';
      if (!url.startsWith('/moved')) {
        response.writeHead(301, { location: `/moved${url}` }).end();
        return;
      }
      request.url = url.slice('/moved'.length);
      const { status, headers, body } = await honestAnswer(directory, request);
      response.writeHead(status, headers).end(body);
    });
    expect(await run(address, '--release', 'v1.0.0', '--allow-downgrade')).toMatchObject({
      status: 0,
    });
  });
});

test('credentials that the user’s own git configuration adds are in nothing that an install writes', async () => {
  const own = await openScene(runStartingGit);
  own.repository.annotate('v2.0.0', own.repository.git('rev-parse', 'v1.0.0^{commit}'));
  const seen: string[] = [];
  const address = await serve(async (request, response) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return;
    }
    seen.push(authorization);
    const { status, headers, body } = await honestAnswer(own.directory, request);
    response.writeHead(status, headers).end(body);
  });
  const person = join(own.directory, 'person');
  const secret = address.replace('//', '//ann:hunter2@');
  const config = join(person, '.gitconfig');
  writeFileSync(config, `[url "${secret}/"]\n insteadOf = ${address}/\n`);
  const from = ['--from', `${address}/source.git`, '--allow-http', '--home', own.home];
  for (const more of [['--replace', '--backup', '--verbose'], ['--json']]) {
    const ran = await runStartingGit(
      { directory: person },
      'identity-install',
      'helper',
      ...from,
      ...more,
    );
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.stdout + ran.stderr).not.toContain('hunter2');
  }
  expect(seen.length).toBeGreaterThan(0);
  expect(filesHolding(own.directory, 'hunter2')).toEqual([config]);
});
