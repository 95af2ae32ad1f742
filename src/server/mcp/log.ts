import type { LoggingLevel } from '@modelcontextprotocol/sdk/types.js';

/** A line for the client's log, which shows lines from its chosen level on. */
export type Log = (level: LoggingLevel, message: string) => void;
