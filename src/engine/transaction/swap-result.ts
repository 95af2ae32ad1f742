/**
 * What carrying out or taking back one change came to. `unexpected`: what came out of the
 * instance is not what the plan was made for, or something is in the way; it says what.
 */
export type SwapResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'left'; readonly why: string }
  | { readonly kind: 'unexpected'; readonly why: string };

export const done: SwapResult = { kind: 'done' };
export const left = (why: string): SwapResult => ({ kind: 'left', why });
export const edited: SwapResult = left('it was edited meanwhile');
export const unexpected = (why: string): SwapResult => ({ kind: 'unexpected', why });
