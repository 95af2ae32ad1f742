import { InstallError } from '../../core/errors.ts';
import type { InspectionContext } from '../context.ts';

/** @throws InstallError E_NOT_INSTALLED */
export function requireHome({ fs, layout }: InspectionContext): void {
  if (fs.stat(layout.home) !== undefined) return;
  throw new InstallError('E_NOT_INSTALLED', `There is no identity home at ${layout.home}.`, {
    hint: 'Name the home with --home or IDENTITY_HOME.',
  });
}
