import type { GlobalOptions } from '../options/global-options.ts';
import type { ProgramName } from '../program.ts';
import type { Style } from './style.ts';

/** What every rendering for people is given besides the result. */
export interface RenderContext {
  readonly style: Style;
  readonly options: GlobalOptions;
  /** Width of the terminal; absent where the text goes to a file or a program, and is not cut. */
  readonly columns?: number;
  /** What to type to start a program of this package. */
  readonly launcher: (program: ProgramName) => string;
}
