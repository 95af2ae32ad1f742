import { InstallError } from './errors.ts';

/**
 * The schema that each of our documents declares: a name, and a number that rises with its format.
 */
export type Schema = `identity-install/${string}@${number}`;

/**
 * Refuses a document with a higher number than this program knows: its content may have another
 * meaning, which must not be guessed. The caller checks everything else about it.
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
