import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** How an agent adds a line to its file. */
export const waysToAppend = {
  'holds the file open': `
    const fd = fs.openSync(file, 'a');
    const write = (line) => fs.writeSync(fd, line);`,
  'opens the file for every line': `
    const write = (line) => fs.appendFileSync(file, line);`,
  'renames a new version into place': `
    const write = (line) => {
      const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
      fs.writeFileSync(file + '.tmp', text + line);
      fs.renameSync(file + '.tmp', file);
    };`,
} as const;

/** Writes as many lines as it is told to, one every millisecond, and says each that is written. */
const program = (way: string) => `
  const fs = require('node:fs');
  const file = process.argv[1];
  ${way}
  let [left, written] = [0, 0];
  const timer = setInterval(() => {
    if (left === 0) return;
    try {
      write('line ' + (written + 1) + ';\\n');
    } catch (error) {
      // Between existsSync and readFileSync the file may be on its way.
      if (error.code !== 'ENOENT') throw error;
      return;
    }
    [left, written] = [left - 1, written + 1];
    process.stdout.write(written + '\\n');
  }, 1);
  require('node:readline').createInterface({ input: process.stdin })
    .on('line', (count) => { left += Number(count); })
    .on('close', () => clearInterval(timer));`;

/** Another process that adds numbered lines to a file; no test depends on how quick it is. */
export interface AppendingAgent {
  /** Has it write so many more lines; done when they are written. */
  readonly burst: (lines: number) => Promise<void>;
  /** Has it write without a pause. */
  readonly writeOn: () => void;
  /** Done when it has written so many lines in all. */
  readonly hasWritten: (lines: number) => Promise<void>;
  /** Ends it; @returns the lines that it wrote */
  readonly stop: () => Promise<string[]>;
}

export function startAgent(way: keyof typeof waysToAppend, file: string): AppendingAgent {
  const child = spawn(process.execPath, ['-e', program(waysToAppend[way]), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  let written = 0;
  let asked = 0;
  const waiting = new Set<() => void>();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (count) => {
    written = Number(count);
    for (const look of [...waiting]) look();
  });
  const hasWritten = async (count: number): Promise<void> => {
    const enough = new Promise<void>((resolve) => {
      const look = (): void => {
        if (written < count) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
    const died = ended.then(() => {
      throw new Error(`The agent ended after ${written} lines.`);
    });
    await Promise.race([enough, died]);
  };
  return {
    async burst(count) {
      asked += count;
      child.stdin.write(`${count}\n`);
      await hasWritten(asked);
    },
    writeOn: () => void child.stdin.write('Infinity\n'),
    hasWritten,
    async stop() {
      child.stdin.end();
      await ended;
      return Array.from({ length: written }, (_none, index) => `line ${index + 1};`);
    },
  };
}
