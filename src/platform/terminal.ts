/** What the text of one stream is displayed on. */
export interface Screen {
  /** Width of the terminal, at least 1; absent if the text goes to a file or a program. */
  readonly columns?: number;
  /** Whether the text may be coloured. */
  readonly colour: boolean;
}

/** Where text for people goes besides the result; the text is written unchanged. */
export interface Terminal extends Screen {
  err(text: string): void;
  readonly errIsTerminal: boolean;
  readonly inIsTerminal: boolean;
}

/** The part of a stream that says whether it is a terminal. */
interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

interface OutputStream extends Stream {
  write(text: string): unknown;
  on(event: 'error', listener: () => void): unknown;
}

/** The part of `process` that a terminal is made of. */
export interface ProcessStreams {
  readonly stdin: Pick<Stream, 'isTTY'>;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The terminal of this process. A reader that goes away, or a log on a full disk, is not an error:
 * later output is dropped, and the work, an installation perhaps, is completed.
 */
export function createProcessTerminal(streams: ProcessStreams = process): Terminal {
  const { stdin, stderr, env } = streams;
  const errIsTerminal = stderr.isTTY === true;
  return {
    err: writerTo(stderr),
    errIsTerminal,
    inIsTerminal: stdin.isTTY === true,
    ...screenOf(stderr, env),
  };
}

/** Each stream on its own: one of them may go to a file, where nothing is cut or coloured. */
export function screenOf({ isTTY, columns }: Stream, env: ProcessStreams['env']): Screen {
  const isTerminal = isTTY === true;
  return {
    ...(isTerminal && { columns: isWidth(columns) ? columns : 80 }),
    colour: wantsColour(env, isTerminal),
  };
}

/**
 * NO_COLOR (no-color.org: set and not empty) wins over FORCE_COLOR, which wins over what the
 * terminal can do. `--no-color` wins over all of them, where text is rendered.
 */
export function wantsColour(
  variables: Readonly<Record<string, string | undefined>>,
  onTerminal: boolean,
): boolean {
  const { NO_COLOR: no = '', FORCE_COLOR: force = '', TERM: kind } = variables;
  if (no !== '') return false;
  if (force !== '') return force !== '0' && force !== 'false';
  return onTerminal && kind !== 'dumb';
}

/** A terminal without a window (containers, CI) reports a width of 0. */
function isWidth(columns: number | undefined): columns is number {
  return columns !== undefined && columns > 0;
}

function writerTo(stream: OutputStream): (text: string) => void {
  let gone = false;
  stream.on('error', () => (gone = true));
  return (text) => {
    if (!gone) stream.write(text);
  };
}
