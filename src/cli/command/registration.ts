import { exitCodes } from '../../core/error-codes.ts';
import type { RegisterRequest, RegisterRun } from '../../operations/register/request.ts';
import type { RenderContext } from '../render/context.ts';
import type { Setting } from './command.ts';

/** The common part of `register` and `activate`: one operation on the local catalog. */
export const registration = {
  schemas: ['register-result'],
  run: async (request: RegisterRequest, { composition }: Setting): Promise<RegisterRun> => {
    const { register } = await import('../../operations/register/register.ts');
    return await register(composition.openHome(), request);
  },
  exitCode: () => exitCodes.done,
  text: async (
    run: RegisterRun,
    { activate }: RegisterRequest,
    context: RenderContext,
  ): Promise<string> => {
    const { renderRegister } = await import('../render/register-text.ts');
    return renderRegister(run, activate, context);
  },
};
