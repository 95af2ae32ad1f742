import type { Layout } from '../layout/layout.ts';
import type { GlobalOptions } from '../options/global-options.ts';
import type { ProgramName } from '../program.ts';
import type { Style } from './style.ts';

/** What every rendering for people is given besides the result. */
export interface RenderContext {
  readonly style: Style;
  readonly options: GlobalOptions;
  /** What the text is laid out for. */
  readonly layout: Layout;
  /** What to type to start a program of this package. */
  readonly launcher: (program: ProgramName) => string;
}
