import type { InstallRequest, RollbackRequest, VerifyRequest } from '../../install/use-cases.ts';
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
  'history',
  'recover',
  'serve',
  'help',
] as const;
export type IdentityCommand = (typeof identityCommands)[number];

/** What help is about: a program, or one command of `identity`. */
export type HelpTopic = ProgramName | `identity ${Exclude<IdentityCommand, 'help'>}`;
