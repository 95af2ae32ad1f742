import type { InstallRequest } from '../../operations/install/request.ts';
import type { RegisterRequest } from '../../operations/register/request.ts';
import type { RollbackRequest } from '../../operations/rollback/request.ts';
import type { VerifyRequest } from '../../inspection/verify/verify.ts';
import type { ValidateRequest } from '../../inspection/validate/packs-to-validate.ts';
import type { ContractId } from '../../protocol/contracts/contract.ts';
import type { CreateRequest } from '../../authoring/create.ts';
import type { CompileRequest } from '../author/use-cases.ts';
import type { ProgramName } from '../program.ts';
import type { DiscoveryWish } from './discovery-options.ts';
import type { GlobalOptions } from './global-options.ts';

/** What is left of an install request when nobody can be asked. */
export type InstallWish = Omit<InstallRequest, 'choose'>;

export type Command =
  | { readonly kind: 'install'; readonly request: InstallWish; readonly yes: boolean }
  | { readonly kind: 'rollback'; readonly request: RollbackRequest }
  | { readonly kind: 'verify'; readonly request: VerifyRequest }
  | { readonly kind: 'verify-home'; readonly request: Pick<VerifyRequest, 'expectHead'> }
  | {
      readonly kind: 'validate';
      readonly request: Omit<ValidateRequest, 'now'> & Partial<Pick<ValidateRequest, 'now'>>;
      /** Warnings fail, too. */
      readonly strict: boolean;
      readonly format?: FindingsFormat;
    }
  | {
      readonly kind: 'create';
      /** What is missing is asked for. */
      readonly request: Omit<CreateRequest, AskedFor> & Partial<Pick<CreateRequest, AskedFor>>;
    }
  | { readonly kind: 'register'; readonly request: RegisterRequest }
  | { readonly kind: 'compile'; readonly request: CompileRequest }
  | { readonly kind: 'self-test'; readonly contracts: readonly ContractId[] }
  | { readonly kind: 'mcp'; readonly allowWrite: boolean }
  | { readonly kind: 'history' }
  | { readonly kind: 'recover' }
  | { readonly kind: 'list'; readonly wish: DiscoveryWish }
  | { readonly kind: 'show'; readonly id: string; readonly wish: DiscoveryWish }
  | {
      readonly kind: 'match';
      readonly objective: string;
      /** Selected explicitly. */
      readonly id?: string;
      readonly wish: DiscoveryWish;
    }
  | { readonly kind: 'serve'; readonly wish: DiscoveryWish }
  | { readonly kind: 'help'; readonly topic: HelpTopic };

/** What a new pack must say of itself. */
export type AskedFor = 'id' | 'title' | 'description' | 'objective';

/** How findings are printed for other programs, besides `--json`. */
export type FindingsFormat = 'sarif' | 'github';

/** A command line, understood. */
export interface Invocation {
  readonly command: Command;
  readonly options: GlobalOptions;
}

export const identityCommands = [
  'list',
  'show',
  'match',
  'verify',
  'validate',
  'create',
  'register',
  'activate',
  'compile',
  'history',
  'recover',
  'serve',
  'mcp',
  'help',
] as const;
export type IdentityCommand = (typeof identityCommands)[number];

/** What help is about: a program, or one command of `identity`. */
export type HelpTopic = ProgramName | `identity ${Exclude<IdentityCommand, 'help'>}`;
