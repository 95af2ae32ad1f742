import { InstallError } from '../core/errors.ts';
import type { CreateRequest } from './author/use-cases.ts';
import type { Composition } from './composition.ts';
import type { AskedFor, Command } from './options/invocation.ts';

type Wish = Extract<Command, { kind: 'create' }>['request'];

const questions: Readonly<Record<AskedFor, string>> = {
  title: 'Title, a name for people:',
  description: 'Description, what it does, in a sentence:',
  objective: 'Objective, what its first task is to achieve:',
};

/**
 * Asks for what a new pack must say of itself and was not given.
 *
 * @throws InstallError E_CREATE_TEXT where nobody can be asked, or nothing is answered
 */
export async function askForTexts(wish: Wish, ask: Composition['ask']): Promise<CreateRequest> {
  const texts: Partial<Record<AskedFor, string>> = {};
  for (const name of ['title', 'description', 'objective'] as const) {
    const text = wish[name] ?? (await ask?.(questions[name]));
    if (text === undefined) {
      throw new InstallError('E_CREATE_TEXT', `A new pack needs a ${name}.`, {
        hint: `Give it with --${name} "…".`,
        details: { field: name },
      });
    }
    texts[name] = text;
  }
  const { title = '', description = '', objective = '' } = texts;
  return { ...wish, title, description, objective };
}
