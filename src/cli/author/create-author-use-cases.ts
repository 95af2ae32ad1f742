import type { OperationContext } from '../../operations/context.ts';
import { ioError } from '../../core/io-error.ts';
import type { Clock, Randomness } from '../../platform/clock.ts';
import type { Environment } from '../../platform/environment.ts';
import type { FileSystem } from '../../platform/file-system.ts';
import { readOnly } from '../../platform/files/read-only.ts';
import type { AuthorUseCases } from './use-cases.ts';

export interface AuthorContext {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly randomness: Randomness;
  /** Chooses the home; throws where none can be chosen. */
  readonly openHome: () => OperationContext;
}

/** Each is loaded when it is asked for: the contracts bring a schema validator along. */
export function createAuthorUseCases(context: AuthorContext): AuthorUseCases {
  const { clock } = context;
  const fs = readOnly(context.fs);
  const looking = {
    ...context,
    fs,
    openHome: (): OperationContext => ({ ...context.openHome(), fs }),
  };
  const named = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw ioError(error, doing);
    }
  };
  return {
    validate: (request) =>
      named('reading the packs', async () => {
        const { validate } = await import('../../inspection/validate/validate.ts');
        return await validate(looking, { now: clock.now(), ...request });
      }),
    create: (request) =>
      named('writing the pack', async () => {
        const { create } = await import('../../authoring/create.ts');
        return create({ ...context, now: clock.now() }, request);
      }),
    compile: (request) =>
      named('compiling the brief', async () => {
        const { compile } = await import('../../authoring/compile.ts');
        const { findBriefSource } = await import('../../inspection/brief/brief-source.ts');
        const source = await findBriefSource(looking, request);
        return compile(context, { source, output: request.output });
      }),
    selfTest: async (chosen) => {
      const { selfTest } = await import('../../protocol/contracts/samples/self-test.ts');
      const { contracts } = await import('../../protocol/contracts/registry.ts');
      const wanted = contracts.filter(({ id }) => chosen.length === 0 || chosen.includes(id));
      return { results: selfTest(wanted) };
    },
  };
}
