import type { ProgramName } from '../program.ts';
import { identityCommands, type HelpTopic } from './invocation.ts';
import { beforeOptionsEnd } from './typed.ts';

/**
 * What `--help` on this command line is about: the command where one was typed, else the program.
 * Never fails: whoever asks for help gets some.
 */
export function helpTopicOf(program: ProgramName, argv: readonly string[]): HelpTopic {
  if (program !== 'identity') return program;
  const typed = beforeOptionsEnd(argv);
  const command = identityCommands.find((each) => each !== 'help' && typed.includes(each));
  return command === undefined || command === 'help' ? 'identity' : `identity ${command}`;
}
