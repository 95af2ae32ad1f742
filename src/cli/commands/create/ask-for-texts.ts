import { InstallError } from '../../../core/errors.ts';
import { checkIdentityId } from '../../../core/identity-id.ts';
import { checkPackText } from '../../../protocol/creator/pack-options.ts';
import type { Composition } from '../../composition.ts';
import type { CreateRequest } from '../../../authoring/create.ts';

/** The required texts of a new pack. */
type AskedFor = 'id' | 'title' | 'description' | 'objective';

/** A request as it was typed; missing texts are asked for. */
export type CreateWish = Omit<CreateRequest, AskedFor> & Partial<Pick<CreateRequest, AskedFor>>;

type Answers = Partial<Record<AskedFor, string>>;

interface Question {
  readonly name: AskedFor;
  readonly words: string;
  /** How it is given on a command line. */
  readonly typed: string;
  /** The answer as it is used; throws an InstallError that says what is wrong with it. */
  readonly check: (answer: string) => string;
  /** The value of an empty answer. */
  readonly suggest?: (answers: Answers) => string | undefined;
}

const questions: readonly Question[] = [
  {
    name: 'id',
    words: 'Id, lower-case letters, digits and dashes',
    typed: '<id>',
    check: checkIdentityId,
  },
  {
    name: 'title',
    words: 'Title, a name for people',
    typed: '--title "…"',
    check: (answer) => checkPackText('title', answer),
    suggest: ({ id = '' }) => {
      const words = id.replace(/-+/g, ' ').trim();
      return words.length < 3 ? undefined : words.charAt(0).toUpperCase() + words.slice(1);
    },
  },
  {
    name: 'description',
    words: 'Description, what it does, in a sentence',
    typed: '--description "…"',
    check: (answer) => checkPackText('description', answer),
  },
  {
    name: 'objective',
    words: 'Objective, what its first task is to achieve',
    typed: '--objective "…"',
    check: (answer) => checkPackText('objective', answer),
  },
];

/**
 * Asks for the required texts of a new pack that were not given. If an answer cannot be used, it
 * says why and asks again.
 *
 * @throws InstallError E_USAGE, naming everything that is missing, if nobody can be asked or the
 *   input ends; E_INTERRUPTED on Ctrl-C; E_ID_INVALID, E_ID_RESERVED and E_CREATE_TEXT for what was
 *   given
 */
export async function askForTexts(
  wish: CreateWish,
  ask: Composition['ask'],
): Promise<CreateRequest> {
  const answers: Answers = {};
  // Checks the given texts before any question.
  for (const { name, check } of questions) {
    const given = wish[name];
    if (given !== undefined) answers[name] = check(given);
  }
  for (const question of questions) {
    if (answers[question.name] !== undefined) continue;
    const answer = ask && (await answerTo(question, question.suggest?.(answers), ask));
    if (answer === undefined) break;
    answers[question.name] = answer;
  }
  const { id, title, description, objective } = answers;
  if (
    id === undefined ||
    title === undefined ||
    description === undefined ||
    objective === undefined
  ) {
    throw incomplete(answers);
  }
  return { ...wish, id, title, description, objective };
}

async function answerTo(
  { words, check }: Question,
  suggestion: string | undefined,
  ask: NonNullable<Composition['ask']>,
): Promise<string | undefined> {
  const meant = (answer: string): string => (answer === '' ? (suggestion ?? '') : answer);
  const shown = suggestion === undefined ? words : `${words} [${suggestion}]`;
  const answer = await ask(`${shown}:`, (given) => problemOf(() => check(meant(given))));
  return answer === undefined ? undefined : check(meant(answer));
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof InstallError) return error.message;
    throw error;
  }
}

function incomplete(answers: Answers): InstallError {
  const missing = questions.filter(({ name }) => answers[name] === undefined);
  const typed = missing.map((question) => question.typed).join(' ');
  return new InstallError('E_USAGE', `A new pack needs more than that: ${typed}.`, {
    remedy: 'Give all of them, or run the command on a terminal, where it asks.',
    details: { missing: missing.map(({ name }) => name) },
  });
}
