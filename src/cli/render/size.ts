const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes for people, in powers of 1024: `312 B`, `4.1 KiB`. */
export function humanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 1023.95 and above would be shown as 1024.0 of the smaller unit.
  while (value >= (unit === 0 ? 1024 : 1023.95) && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}
