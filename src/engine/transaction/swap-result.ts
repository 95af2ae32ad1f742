/**
 * The result of carrying out or undoing one change. `unexpected`: what came out of the instance is
 * not what was planned for, or something is in the way; `why` says what.
 */
export type SwapResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'left'; readonly why: string }
  | { readonly kind: 'unexpected'; readonly why: string };

export const done: SwapResult = { kind: 'done' };
export const left = (why: string): SwapResult => ({ kind: 'left', why });
export const edited: SwapResult = left('it was edited meanwhile');
export const unexpected = (why: string): SwapResult => ({ kind: 'unexpected', why });
