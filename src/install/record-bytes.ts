import type { InstalledRecord } from '../core/record.ts';
export function serializeRecordFile(record: InstalledRecord): Buffer {
  return Buffer.from(`${JSON.stringify(record, null, 1)}\n`);
}
