import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { InstallError } from '../../core/errors.ts';
import { asInstallError } from '../../core/failure.ts';
import { silentProgress } from '../../platform/progress.ts';
import { discoverIdentities } from '../../protocol/discovery/list-identities.ts';
import { createChangeNotifier } from '../changes.ts';
import type { Call } from './call.ts';
import { callTool, describeTools } from './call-tool.ts';
import type { Log } from './log.ts';
import { createNotedProgress } from './progress.ts';
import { getPrompt, listPrompts } from './prompts.ts';
import { asProtocolError, unknownCursor } from './protocol-error.ts';
import { listResources, readResource, resourceTemplates } from './resources.ts';
import type { McpServices } from './services.ts';
import { createShownPlans } from './shown-plans.ts';
import { createTurns } from './turns.ts';

/** A server that is not connected yet. */
export interface IdentityMcpServer {
  readonly connect: McpServer['connect'];
  readonly close: () => Promise<void>;
  /** Resolves when no call is under way. */
  readonly idle: () => Promise<void>;
  /** Asks every current or future call to stop; each finishes or undoes what it is doing. */
  readonly interrupt: (reason: InstallError) => void;
  /** Called for messages that are not valid. */
  onError(listener: (error: Error) => void): void;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

const instructions =
  'Identities are packs of files that tell an agent who it is: a prompt, a task, rules. ' +
  'identity_list shows them; each one is a prompt, and its files are resources. ' +
  'To install or update one, call identity_plan_install, show its plan, and pass its planDigest ' +
  'to identity_install where that tool is listed.';

/**
 * The Model Context Protocol (specification 2025-11-25) over the use cases. The registry of
 * `McpServer` accepts only the schemas of one library; ours are JSON Schema, so requests are
 * handled by the server below it.
 */
export function createMcpServer(services: McpServices): IdentityMcpServer {
  const { discovery, version } = services;
  const mcp = new McpServer(
    { name: 'identity', title: 'Identity packs', version },
    { capabilities: { tools: {}, resources: {}, prompts: {}, logging: {} }, instructions },
  );
  const { server } = mcp;
  const bench = { services, plans: createShownPlans(), turns: createTurns() };
  const running = new Map<AbortController, Promise<unknown>>();
  let stopped: InstallError | undefined;

  const log: Log = (level, message) => {
    server.sendLoggingMessage({ level, logger: 'identity', data: message }).catch(ignoreClosed);
  };

  const { watcher, timer } = services;
  const notifier = createChangeNotifier({
    discovery,
    watcher,
    timer,
    notify() {
      server.sendResourceListChanged().catch(ignoreClosed);
      server.sendPromptListChanged().catch(ignoreClosed);
    },
    onDefect: (error) => log('error', asInstallError(error, 'The server').message),
  });
  server.oninitialized = () => {
    const here = { cwds: [] };
    notifier.follow(here, discoverIdentities(here, discovery));
  };

  const callOf = ({ _meta: meta, sendNotification }: Extra, signal: AbortSignal): Call => {
    const progressToken = meta?.progressToken;
    if (progressToken === undefined) return { signal, progress: silentProgress, log };
    const progress = createNotedProgress(services.context.clock, (note) => {
      sendNotification({
        method: 'notifications/progress',
        params: { progressToken, ...note },
      }).catch(ignoreClosed);
    });
    return { signal, progress, log };
  };

  /** Runs the work of a call so that it can be stopped and waited for. */
  const tracked = async <T>(extra: Extra, work: (call: Call) => Promise<T>): Promise<T> => {
    const controller = new AbortController();
    const cancel = (): void =>
      controller.abort(
        new InstallError('E_INTERRUPTED', 'The client cancelled the call.', {
          remedy: 'What was under way is finished or undone. Call again to continue.',
        }),
      );
    extra.signal.addEventListener('abort', cancel, { once: true });
    if (stopped !== undefined) controller.abort(stopped);
    const result = work(callOf(extra, controller.signal));
    running.set(controller, result);
    try {
      return await result;
    } finally {
      running.delete(controller);
      extra.signal.removeEventListener('abort', cancel);
    }
  };

  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    refuseCursor(params?.cursor);
    return { tools: describeTools(services) };
  });
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) =>
    tracked(extra, (call) => callTool(bench, { name: params.name, given: params.arguments }, call)),
  );
  server.setRequestHandler(ListResourcesRequestSchema, ({ params }) =>
    answered(() => listResources(discovery, params?.cursor)),
  );
  server.setRequestHandler(ListResourceTemplatesRequestSchema, ({ params }) => {
    refuseCursor(params?.cursor);
    return { resourceTemplates };
  });
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) =>
    answered(() => readResource(discovery, params.uri)),
  );
  server.setRequestHandler(ListPromptsRequestSchema, ({ params }) => {
    refuseCursor(params?.cursor);
    return answered(() => ({ prompts: listPrompts(discovery) }));
  });
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) =>
    answered(() => getPrompt(discovery, params.name)),
  );

  return {
    connect: (transport) => mcp.connect(transport),
    close: () => {
      notifier.close();
      return mcp.close();
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running.values());
    },
    interrupt(reason) {
      stopped = reason;
      for (const controller of running.keys()) controller.abort(reason);
    },
    onError(listener) {
      server.onerror = listener;
    },
  };
}

/** For a list that is returned in one page. */
function refuseCursor(cursor: string | undefined): void {
  if (cursor !== undefined) throw unknownCursor();
}

function answered<T>(answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    throw asProtocolError(error);
  }
}

/** A client that went away gets no notifications; the call is completed. */
function ignoreClosed(): void {}
