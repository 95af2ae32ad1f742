import type { Launcher } from '../launcher.ts';
import type { Layout } from '../layout/layout.ts';
import type { GlobalOptions } from '../options/global-options.ts';
import type { Style } from './style.ts';

/** What every rendering for people receives besides the result. */
export interface RenderContext {
  readonly style: Style;
  readonly options: GlobalOptions;
  /** The layout of the text. */
  readonly layout: Layout;
  /** What to type to start a program of this package. */
  readonly launcher: Launcher;
}
