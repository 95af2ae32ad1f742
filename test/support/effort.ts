import { Session, type Profiler } from 'node:inspector';

/**
 * Effort, counted instead of timed: how often any statement of ours or of a library is come to, and
 * how many characters, bytes and members the built-in functions walk over meanwhile. It is the same
 * on every machine and under every load, and grows as the time would on a quiet one.
 *
 * A file that imports this imports it first, and is called `….effort.test.ts`, so that it has a process
 * of its own: what was compiled before is counted by function only.
 */

const session = new Session();
session.connect();

function post(method: string, given: object = {}): unknown {
  let answer: unknown;
  // The session is of this very thread, which answers before `post` returns.
  session.post(method, given, (error, result) => {
    if (error !== null) throw new Error(`${method}: ${error.message}`);
    answer = result;
  });
  return answer;
}

post('Profiler.enable');
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** How much a built-in function looks at or copies, in characters, bytes or members. */
type Walk = (
  self: { readonly length: number },
  args: readonly unknown[],
  result: unknown,
) => number;

const lengthOf = (value: unknown): number =>
  typeof value === 'string' || ArrayBuffer.isView(value) || Array.isArray(value)
    ? (value as { readonly length: number }).length
    : 0;

const whole: Walk = (self) => self.length;
const given: Walk = (self, args) => self.length + lengthOf(args[0]);
const made: Walk = (_self, _args, result) => lengthOf(result);
/** From where the search begins to where it ends. */
const searched: Walk = (self, [what, from], result) => {
  const begin = typeof from === 'number' ? Math.max(0, from) : 0;
  const end = typeof result === 'number' && result >= 0 ? result + lengthOf(what) : self.length;
  return Math.max(1, end - begin);
};

const walks: readonly (readonly [prototype: object, walk: Walk, names: readonly string[]])[] = [
  [String.prototype, searched, ['indexOf']],
  [
    String.prototype,
    whole,
    ['lastIndexOf', 'includes', 'split', 'replace', 'replaceAll', 'normalize', 'match', 'search'],
  ],
  [String.prototype, whole, ['trim', 'trimEnd', 'trimStart', 'toLowerCase', 'toUpperCase']],
  [String.prototype, given, ['localeCompare']],
  [String.prototype, made, ['slice', 'substring', 'repeat', 'padEnd', 'padStart']],
  [Array.prototype, searched, ['indexOf', 'includes']],
  [Array.prototype, whole, ['join', 'reverse', 'shift', 'unshift', 'splice', 'sort', 'toSorted']],
  [Array.prototype, whole, ['lastIndexOf', 'fill', 'flat']],
  [Array.prototype, made, ['slice', 'concat']],
  [Buffer.prototype, searched, ['indexOf', 'includes']],
  [Buffer.prototype, whole, ['lastIndexOf', 'toString', 'equals', 'compare']],
  [Uint8Array.prototype, made, ['slice']],
];

/** What `act` takes, in steps of the program and in what its built-in functions walk over. */
export function effortOf(act: () => unknown): number {
  // What was done before, and taking it, does not count as effort.
  takeSteps();
  let walked = 0;
  const undo: (() => void)[] = [];
  const wrap = (holder: object, name: string, walk: Walk): void => {
    const descriptor = Object.getOwnPropertyDescriptor(holder, name);
    const original = descriptor?.value as ((...args: unknown[]) => unknown) | undefined;
    if (descriptor === undefined || original === undefined) return;
    const value = function (this: { readonly length: number }, ...args: unknown[]): unknown {
      const result = original.apply(this, args);
      walked += walk(this, args, result);
      return result;
    };
    Object.defineProperty(holder, name, { ...descriptor, value });
    undo.push(() => {
      Object.defineProperty(holder, name, descriptor);
    });
  };
  for (const [prototype, walk, names] of walks) {
    for (const name of names) wrap(prototype, name, walk);
  }
  const exec = Object.getOwnPropertyDescriptor(RegExp.prototype, 'exec')?.value as (
    this: RegExp,
    text: string,
  ) => RegExpExecArray | null;
  RegExp.prototype.exec = function (text) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const found = exec.call(this, text);
    // A sticky expression looks at one place; any other walks on until it finds something.
    if (found !== null) walked += found.index + found[0].length - from;
    else walked += this.sticky ? 1 : text.length - from;
    return found;
  };
  undo.push(() => {
    RegExp.prototype.exec = exec;
  });
  try {
    act();
  } finally {
    for (const back of undo) back();
  }
  return takeSteps() + walked;
}

/** By what the effort grows where there is twice as much to do: 2 where it is only more of the same. */
export function growthOf(act: (times: 1 | 2) => unknown): number {
  // What is made once, by whoever comes first, belongs to neither.
  act(1);
  return effortOf(() => act(2)) / effortOf(() => act(1));
}

/** The tools of a test, whose effort is not what is asked for. */
const isOfTheTest =
  /\/test\/support\/effort\.ts$|\/node_modules\/(?:@?vitest|fast-check|pure-rand)\/|^node:/;

/** How often each function and each block in one has run since this was asked last. */
export function takeSteps(): number {
  const taken = post('Profiler.takePreciseCoverage');
  const { result } = taken as Profiler.TakePreciseCoverageReturnType;
  let steps = 0;
  for (const { url, functions } of result) {
    if (url === '' || isOfTheTest.test(url)) continue;
    for (const { ranges } of functions) for (const { count } of ranges) steps += count;
  }
  return steps;
}
