import { mutatingCalls, type FileSystem } from '../../src/platform/file-system.ts';
import { systemError } from '../../src/platform/system-error.ts';

/** The process was killed here. Nothing that runs afterwards may reach the disk. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** What goes wrong at the n-th counted call, from 1. */
export type Fault =
  /** The system says no, and nothing happened. */
  | { kind: 'refuse'; at: number; errno: string; lasting?: boolean }
  /** The system says no, and yet it happened. */
  | { kind: 'lie'; at: number; errno: string; lasting?: boolean }
  /**
   * A write stops half way, then the disk is full; a file breaks off half way through reading it.
   * Other calls are refused.
   */
  | { kind: 'short'; at: number }
  /** A write stops half way, and the system says that it did not. Other calls do as they say. */
  | { kind: 'silent'; at: number }
  /** The process dies before the call, half way through what it writes, or after it. */
  | { kind: 'crash'; at: number; when: 'before' | 'during' | 'after' };

export interface FailingOptions {
  readonly fault?: Fault;
  /** Counts `sync` and `barrier` as well: an fsync that fails is a fault of its own. */
  readonly syncs?: boolean;
  /** Counts the calls that look, and no others. */
  readonly reads?: boolean;
}

const readingCalls = ['stat', 'list', 'read', 'readChunks', 'realPath', 'readLink', 'freeBytes'];

export interface FailingFileSystem extends FileSystem {
  /** `<call> <path>` of each counted call in order; its length is how many there were. */
  readonly log: readonly string[];
}

type Call = (...args: readonly unknown[]) => unknown;

/**
 * Wraps a file system so that one mutating call goes wrong. Without a fault it only counts, which
 * tells a sweep how many calls there are.
 *
 * After a crash every call throws `Crash` again, reading too: code that catches it and goes on
 * cleaning up does what a killed process could not do, and is found out.
 */
export function createFailingFileSystem(
  inner: FileSystem,
  { fault, syncs = false, reads = false }: FailingOptions = {},
): FailingFileSystem {
  const log: string[] = [];
  const writing = [...mutatingCalls, ...(syncs ? ['sync', 'barrier'] : [])];
  const counted = new Set<string>(reads ? readingCalls : writing);
  let dead = false;

  const die = (): never => {
    dead = true;
    throw new Crash(`killed at ${log.at(-1) ?? 'the start'}`);
  };

  function intercept(name: string, call: Call, args: readonly unknown[]): unknown {
    if (dead) throw new Crash('this process has been killed');
    if (!counted.has(name)) return call(...args);
    log.push([name, ...args.flat().filter((arg) => typeof arg === 'string')].join(' '));
    if (fault === undefined || !strikes(fault, log.length)) return call(...args);
    switch (fault.kind) {
      case 'refuse':
        throw injected(fault.errno, name, args);
      case 'lie':
        return after(call(...args), () => {
          throw injected(fault.errno, name, args);
        });
      case 'short':
        if (name === 'readChunks') return breakOff(call(...args) as Iterable<Uint8Array>, args);
        writeHalf(name, call, args);
        throw injected(reads ? 'EIO' : 'ENOSPC', name, args);
      case 'silent':
        if (!isWrite(name)) return call(...args);
        writeHalf(name, call, args);
        return undefined;
      case 'crash':
        if (fault.when === 'during') writeHalf(name, call, args);
        return fault.when === 'after' ? after(call(...args), die) : die();
    }
  }

  const calls = Object.entries(inner as unknown as Record<string, unknown>).map(([name, call]) => {
    if (typeof call !== 'function') return [name, call] as const;
    const wrapped: Call = (...args) => intercept(name, call as Call, args);
    // A promise that rejects, not a call that throws, is what the port promises.
    const asynchronous: Call = async (...args) => wrapped(...args);
    return [name, name === 'barrier' ? asynchronous : wrapped] as const;
  });
  return { ...(Object.fromEntries(calls) as unknown as FileSystem), log };
}

function strikes(fault: Fault, count: number): boolean {
  const lasting = 'lasting' in fault && fault.lasting;
  return lasting ? count >= fault.at : count === fault.at;
}

/** Runs `next` when the result is there, also where it is a promise. */
function after(result: unknown, next: () => never): unknown {
  return result instanceof Promise ? result.then(next) : next();
}

function isWrite(name: string): boolean {
  return name === 'writeNew' || name === 'append';
}

function* breakOff(chunks: Iterable<Uint8Array>, args: readonly unknown[]): Iterable<Uint8Array> {
  for (const chunk of chunks) {
    yield chunk.subarray(0, Math.floor(chunk.byteLength / 2));
    break;
  }
  throw injected('EIO', 'read', args);
}

function writeHalf(name: string, call: Call, args: readonly unknown[]): void {
  if (!isWrite(name)) return;
  const [path, content, ...rest] = args as [string, Uint8Array | Iterable<Uint8Array>];
  const chunks = content instanceof Uint8Array ? [content] : [...content];
  const bytes = Buffer.concat(chunks);
  call(path, bytes.subarray(0, Math.floor(bytes.byteLength / 2)), ...rest);
}

function injected(errno: string, call: string, args: readonly unknown[]): Error {
  return systemError(errno, 'injected', call, String(args[0]));
}

/** Every fault of writing that must be survived, at each of `calls` counted calls. */
export function* everyFault(calls: number): Generator<Fault> {
  for (let at = 1; at <= calls; at += 1) {
    yield* refusalsAt(at);
    yield { kind: 'lie', at, errno: 'EIO' };
    yield { kind: 'short', at };
    yield* deathsAt(at);
  }
}

/** A call that the system refuses, once and from then on. */
export function* refusalsAt(at: number): Generator<Fault> {
  for (const errno of ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT', 'EMFILE']) {
    yield { kind: 'refuse', at, errno };
    yield { kind: 'refuse', at, errno, lasting: true };
  }
}

/** What a call reports is not what it did. @param call its line in the log */
export function* liesAt(at: number, call: string): Generator<Fault> {
  yield { kind: 'lie', at, errno: 'EIO' };
  if (!isWrite(call.split(' ', 1)[0] ?? '')) return;
  yield { kind: 'short', at };
  yield { kind: 'silent', at };
}

/** The process is killed at a call. @param call its line in the log; left out, it may be a write */
export function* deathsAt(at: number, call?: string): Generator<Fault> {
  yield { kind: 'crash', at, when: 'before' };
  const writes = call === undefined || isWrite(call.split(' ', 1)[0] ?? '');
  if (writes) yield { kind: 'crash', at, when: 'during' };
  yield { kind: 'crash', at, when: 'after' };
}

/** A call that looks is refused, once and from then on, or breaks off. */
export function* blindnessAt(at: number, call: string): Generator<Fault> {
  for (const errno of ['EIO', 'EMFILE', 'ENFILE']) {
    yield { kind: 'refuse', at, errno };
    yield { kind: 'refuse', at, errno, lasting: true };
  }
  if (call.startsWith('readChunks ')) yield { kind: 'short', at };
}

/** `refuse EIO at 3, from then on`: names a case of a sweep. */
export function describeFault(fault: Fault): string {
  const what = 'errno' in fault ? ` ${fault.errno}` : 'when' in fault ? ` ${fault.when}` : '';
  const lasting = 'lasting' in fault && fault.lasting ? ', from then on' : '';
  return `${fault.kind}${what} at ${fault.at}${lasting}`;
}
