import { homeGroup, outputGroup } from './global-options.ts';
import type { OptionGroup } from './option.ts';

/** What all commands of `identity` understand. */
export const identityOptions: readonly OptionGroup[] = [homeGroup, outputGroup];
