/** A record of the scaffold, marked as what it is. */
export function sampleRecord(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    sample: true,
    sample_note:
      'Sample written with the pack: it shows the shape of this record. No run of an agent stands behind it.',
    ...record,
  };
}
