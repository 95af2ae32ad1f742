// Preloaded into a measured program (`node --import`): writes its peak memory in KB when it ends.

import { readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.BENCH_PEAK_FILE, String(peakKilobytes())));

/**
 * On Linux the kernel's own mark of this address space: `maxRSS` of a process also counts what its
 * parent had in memory when it started it.
 */
function peakKilobytes() {
  if (process.platform === 'linux') {
    const mark = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (mark !== null) return Number(mark[1]);
  }
  return process.resourceUsage().maxRSS;
}
