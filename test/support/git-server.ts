import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A server on this machine, gone with the test. @returns its address, `http://127.0.0.1:<port>` */
export async function serve(answer: Answer): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What git's own smart HTTP server answers. */
export interface HonestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * The honest answer to a request for one of the repositories below a directory.
 * @param protocol what the client asked for, or another version of git's protocol
 */
export async function honestAnswer(
  root: string,
  request: IncomingMessage,
  protocol = String(request.headers['git-protocol'] ?? ''),
): Promise<HonestAnswer> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: protocol,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => backend.on('close', resolve));
  const output = Buffer.concat(chunks);
  const split = output.indexOf('\r\n\r\n');
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of output.toString('latin1', 0, split).split('\r\n')) {
    const [name = '', value = ''] = line.split(': ');
    if (name === 'Status') status = parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers, body: output.subarray(split + 4) };
}

/**
 * Serves the repositories below a directory as git's own smart HTTP server does.
 * @param onRequest sees every request first, to count it or to change the repository under it
 */
export async function serveRepositories(
  root: string,
  onRequest: (url: string) => void = () => undefined,
): Promise<string> {
  return serve(async (request, response) => {
    onRequest(request.url ?? '');
    const { status, headers, body } = await honestAnswer(root, request);
    response.writeHead(status, headers).end(body);
  });
}
