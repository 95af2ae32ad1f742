import { InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { Terminal } from './terminal.ts';

export interface Prompt {
  /**
   * Asks which of the options is meant; its index, or undefined when there is nobody to ask (stdin
   * or stderr is no terminal), no option, or no answer (end of input).
   *
   * @throws InstallError E_INTERRUPTED on Ctrl-C
   */
  choose(question: string, options: readonly string[]): Promise<number | undefined>;
  /**
   * Asks for a line of text; empty for an empty answer, undefined when there is nobody to ask or
   * the input ends.
   *
   * @throws InstallError E_INTERRUPTED on Ctrl-C
   */
  ask(question: string): Promise<string | undefined>;
}

export interface PromptOptions {
  readonly terminal: Pick<Terminal, 'inIsTerminal' | 'errIsTerminal'>;
  readonly input?: NodeJS.ReadableStream;
  readonly output?: NodeJS.WritableStream;
}

/** Questions on stderr, answers from stdin: stdout stays for results. */
export function createPrompt({
  terminal,
  input = process.stdin,
  output = process.stderr,
}: PromptOptions): Prompt {
  return {
    async ask(question) {
      if (!terminal.inIsTerminal || !terminal.errIsTerminal) return undefined;
      const { createInterface } = await import('node:readline');
      const lines = createInterface({ input, output });
      return new Promise<string | undefined>((resolve, reject) => {
        let settled = false;
        lines.on('line', (line) => {
          settled = true;
          resolve(line.trim());
          lines.close();
        });
        lines.on('SIGINT', () => {
          output.write('\n');
          settled = true;
          reject(new InstallError('E_INTERRUPTED', 'The question was not answered.'));
          lines.close();
        });
        lines.on('close', () => {
          if (!settled) output.write('\n');
          resolve(undefined);
        });
        lines.setPrompt(`${printable(question)} `);
        lines.prompt();
      });
    },
    async choose(question, options) {
      const someoneThere = terminal.inIsTerminal && terminal.errIsTerminal;
      if (!someoneThere || options.length === 0) return undefined;
      const { createInterface } = await import('node:readline');
      const lines = createInterface({ input, output });
      const list = options
        .map((option, index) => `  ${index + 1}) ${printable(option)}\n`)
        .join('');
      output.write(`${printable(question)}\n${list}`);
      return new Promise<number | undefined>((resolve, reject) => {
        let settled = false;
        const ask = () => {
          lines.setPrompt(`Number or name, Ctrl-C to leave [1-${options.length}]: `);
          lines.prompt();
        };
        lines.on('line', (line) => {
          const chosen = indexFrom(line, options);
          if (chosen === undefined) {
            const answer = printable(line.trim());
            if (answer !== '') output.write(`There is no choice "${answer}".\n`);
            ask();
            return;
          }
          settled = true;
          resolve(chosen);
          lines.close();
        });
        lines.on('SIGINT', () => {
          output.write('\n');
          settled = true;
          reject(new InstallError('E_INTERRUPTED', 'The question was not answered.'));
          lines.close();
        });
        lines.on('close', () => {
          // The end of the input leaves the cursor behind the question.
          if (!settled) output.write('\n');
          resolve(undefined);
        });
        ask();
      });
    },
  };
}

/** An answer is the number of an option, its text, or the first word of it: the name. */
function indexFrom(line: string, options: readonly string[]): number | undefined {
  const answer = line.trim();
  const byText = options.indexOf(answer);
  if (byText !== -1) return byText;
  const byName = options.findIndex((option) => option.split(' ', 1)[0] === answer);
  if (answer !== '' && byName !== -1) return byName;
  const index = Number(answer) - 1;
  return /^\d{1,4}$/.test(answer) && index in options ? index : undefined;
}
