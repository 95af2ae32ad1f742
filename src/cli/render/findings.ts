import type { ValidateRun } from '../../inspection/validate/validate.ts';
import type { FindingsFormat } from '../commands/validate/options.ts';
import { version } from '../version.ts';
import type { RenderContext } from './context.ts';
import { renderGithub } from './github.ts';
import { renderSarif } from './sarif.ts';
import { renderValidate } from './validate-text.ts';

/** What `identity validate` found, for people or in the requested format. */
export function renderFindings(
  run: ValidateRun,
  format: FindingsFormat | undefined,
  context: RenderContext,
): string {
  switch (format) {
    case 'sarif':
      return renderSarif(run, version);
    case 'github':
      return renderGithub(run);
    case undefined:
      return renderValidate(run, context);
  }
}
