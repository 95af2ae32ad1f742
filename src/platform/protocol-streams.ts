import type { Readable, Writable } from 'node:stream';
import { errnoOf } from '../core/errors.ts';

/** Standard input and output as the two ways of a protocol. */
export interface ProtocolStreams {
  readonly input: Readable;
  readonly output: Writable;
  /** Calls the listener once when nobody reads the output any more. */
  onGone(listener: () => void): void;
}

export function protocolStreams(): ProtocolStreams {
  const { stdin, stdout } = process;
  return {
    input: stdin,
    output: stdout,
    onGone(listener) {
      let gone = false;
      stdout.on('error', (error) => {
        if (errnoOf(error) !== 'EPIPE' && errnoOf(error) !== 'ERR_STREAM_DESTROYED') throw error;
        if (!gone) listener();
        gone = true;
      });
    },
  };
}
