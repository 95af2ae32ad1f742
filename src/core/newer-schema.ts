import { InstallError } from './errors.ts';

/** What each of our documents calls itself: a name, and a number that goes up when its form changes. */
export type Schema = `identity-install/${string}@${number}`;

/**
 * Refuses a document of a higher number than this program knows: what is in it may mean something
 * else, and must not be guessed. Anything else that is wrong with it is for the caller to find.
 *
 * @param schema as the document has it, of any type
 * @param path of the document, for the message
 * @throws InstallError E_LAYOUT_NEWER (docs/evidence-format.md, Versions)
 */
export function refuseNewerSchema(schema: unknown, known: Schema, path: string): void {
  if (typeof schema !== 'string') return;
  const [name = '', number] = known.split('@');
  const written = schema.startsWith(`${name}@`) ? schema.slice(name.length + 1) : '';
  if (!/^\d{1,9}$/.test(written) || Number(written) <= Number(number)) return;
  throw new InstallError(
    'E_LAYOUT_NEWER',
    `A newer version of this program wrote ${path}: its schema is ${schema}, and this version knows ${known}.`,
    {
      remedy: 'Nothing was changed. Use the version of this program that wrote it, or a newer one.',
      details: { path, schema },
    },
  );
}
