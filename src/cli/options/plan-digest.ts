import { InstallError } from '../../core/errors.ts';

/**
 * The digest as `--plan` prints it, 64 hex digits. A shortened one would be a weaker guarantee.
 *
 * @throws InstallError E_USAGE
 */
export function checkPlanDigest(text: string): string {
  const digest = text.toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digest)) return digest;
  throw new InstallError('E_USAGE', '--plan-digest must be a SHA-256 of 64 hex digits.', {
    remedy: 'Copy the whole digest that --plan printed.',
    details: { option: 'plan-digest', value: text },
  });
}
