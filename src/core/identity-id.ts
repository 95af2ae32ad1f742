import { InstallError } from './errors.ts';

const form = /^[a-z0-9-]{2,64}$/;

/**
 * Directories and files of a home that an instance of the same name would shadow
 * (docs/evidence-format.md#where-an-instance-is).
 */
const reserved: ReadonlySet<string> = new Set([
  'config',
  'instances',
  'identity',
  'identities',
  'catalog',
]);

/** Whether the text has the form of an identity id (docs/protocol.md#catalogs). */
export function isIdentityId(text: string): boolean {
  return form.test(text);
}

/**
 * The text, as an id that may be installed.
 *
 * @throws InstallError E_ID_INVALID, E_ID_RESERVED
 */
export function checkIdentityId(text: string): string {
  if (!isIdentityId(text)) {
    throw new InstallError(
      'E_ID_INVALID',
      `"${text}" is not a valid identity id: it must have 2 to 64 lower-case letters, digits and dashes.`,
      {
        remedy: 'Check its spelling; an id looks like "code-reviewer".',
        details: { id: text },
      },
    );
  }
  if (reserved.has(text)) {
    throw new InstallError('E_ID_RESERVED', `"${text}" is a name that the home uses itself.`, {
      remedy: 'An identity with that name cannot be installed; its maintainers have to rename it.',
      details: { id: text },
    });
  }
  return text;
}
