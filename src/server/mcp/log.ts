import type { LoggingLevel } from '@modelcontextprotocol/sdk/types.js';

/** A line for the client's log, which shows it from the level on that it asked for. */
export type Log = (level: LoggingLevel, message: string) => void;
