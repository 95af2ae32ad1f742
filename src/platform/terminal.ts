/** Where text for people goes besides the result; nothing is added to the text. */
export interface Terminal {
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly inIsTerminal: boolean;
  /** Width of the terminal, at least 1; 80 where it is not known. */
  readonly columns: number;
  /** Whether text may be coloured, on either stream. */
  readonly colour: boolean;
}

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
  readonly stdout: Stream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The terminal of this process. A reader that goes away, or a log on a full disk, is no error: what
 * is said after that is dropped, and the work, an installation perhaps, goes on to its end.
 */
export function createProcessTerminal(streams: ProcessStreams = process): Terminal {
  const { stdin, stdout, stderr, env } = streams;
  const outIsTerminal = stdout.isTTY === true;
  const errIsTerminal = stderr.isTTY === true;
  return {
    err: writerTo(stderr),
    outIsTerminal,
    errIsTerminal,
    inIsTerminal: stdin.isTTY === true,
    columns: [stdout.columns, stderr.columns].find(isWidth) ?? 80,
    colour: wantsColour(env, outIsTerminal && errIsTerminal),
  };
}

/**
 * NO_COLOR (no-color.org: set and not empty) wins over FORCE_COLOR, that over what the terminal
 * can do. A log file that one of the two streams goes to stays free of escape sequences.
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

/** A terminal without a window (containers, CI) says that it is 0 wide. */
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
