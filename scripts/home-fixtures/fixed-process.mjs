// Loaded into a program of a packed version before it runs (`node --import`): a clock that stands
// still, randomness that is the same in every run, and an exchange of names that can be disturbed.

import crypto from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const { FIXED_TIME, FIXED_PROCESS, EDITED_FILE, NO_EXCHANGE } = process.env;

const SystemDate = Date;
const fixed = SystemDate.parse(FIXED_TIME);
globalThis.Date = class extends SystemDate {
  constructor(...given) {
    super(...(given.length === 0 ? [fixed] : given));
  }
  static now() {
    return fixed;
  }
};

Object.defineProperty(process, 'pid', { value: 4242 });

let drawn = 0;
crypto.randomBytes = (size) => {
  drawn += 1;
  const digest = crypto.createHash('sha256').update(`${FIXED_PROCESS} ${drawn}`).digest();
  return digest.subarray(0, size);
};
syncBuiltinESMExports();

// The same module object that the program gets.
const native = createRequire(process.argv[1])('fs-native-extensions');
const { swapSync } = native;
let edited = false;
native.swapSync = (left, right) => {
  if (NO_EXCHANGE !== undefined) {
    throw Object.assign(new Error('no exchange here'), { code: 'ENOSYS' });
  }
  // The path may lead through a descriptor of the directory.
  if (!edited && EDITED_FILE !== undefined && basename(right) === basename(EDITED_FILE)) {
    edited = true;
    appendFileSync(EDITED_FILE, 'written meanwhile\n');
  }
  swapSync(left, right);
};
