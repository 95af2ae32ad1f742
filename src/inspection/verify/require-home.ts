import { InstallError } from '../../core/errors.ts';
import { steps } from '../../core/remedy.ts';
import type { InspectionContext } from '../context.ts';

/** @throws InstallError E_NOT_INSTALLED */
export function requireHome({ fs, layout }: InspectionContext): void {
  if (fs.stat(layout.home) !== undefined) return;
  throw new InstallError('E_NOT_INSTALLED', `There is no identity home at ${layout.home}.`, {
    remedy: steps(
      { kind: 'option', option: 'home', to: 'choose the home' },
      'The environment variable IDENTITY_HOME chooses it, too.',
    ),
  });
}
