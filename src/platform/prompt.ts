import { InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { Terminal } from './terminal.ts';

export interface Prompt {
  /**
   * Asks which of the options is meant; its index, or undefined if there is nobody to ask (stdin or
   * stderr is not a terminal), no option, or no answer (end of input).
   *
   * @throws InstallError E_INTERRUPTED on Ctrl-C
   */
  choose(question: string, options: readonly string[]): Promise<number | undefined>;
  /**
   * Asks for a line of text until the answer is valid; undefined if there is nobody to ask or the
   * input ends (Ctrl-D).
   *
   * @param problemWith what is wrong with an answer, in a sentence; undefined if nothing is
   * @throws InstallError E_INTERRUPTED on Ctrl-C
   */
  ask(
    question: string,
    problemWith?: (answer: string) => string | undefined,
  ): Promise<string | undefined>;
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
  const isSomeoneThere = (): boolean => terminal.inIsTerminal && terminal.errIsTerminal;

  /** Asks until a line is a valid answer; undefined if the input ends first. */
  async function converse<T>(
    words: string,
    meaningOf: (line: string) => T | undefined,
  ): Promise<T | undefined> {
    const { createInterface } = await import('node:readline');
    const lines = createInterface({ input, output });
    return new Promise<T | undefined>((resolve, reject) => {
      let settled = false;
      lines.on('line', (line) => {
        const meaning = meaningOf(line);
        if (meaning === undefined) {
          lines.prompt();
          return;
        }
        settled = true;
        resolve(meaning);
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
      lines.setPrompt(words);
      lines.prompt();
    });
  }

  return {
    async ask(question, problemWith = () => undefined) {
      if (!isSomeoneThere()) return undefined;
      return await converse(`${printable(question)} `, (line) => {
        const problem = problemWith(line.trim());
        if (problem === undefined) return line.trim();
        output.write(`${printable(problem)}\n`);
        return undefined;
      });
    },
    async choose(question, options) {
      if (!isSomeoneThere() || options.length === 0) return undefined;
      const list = options
        .map((option, index) => `  ${index + 1}) ${printable(option)}\n`)
        .join('');
      output.write(`${printable(question)}\n${list}`);
      return await converse(`Number or name, Ctrl-C to leave [1-${options.length}]: `, (line) => {
        const chosen = indexFrom(line, options);
        const answer = printable(line.trim());
        if (chosen === undefined && answer !== '') {
          output.write(`There is no choice "${answer}".\n`);
        }
        return chosen;
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
