// Another process, without any code of ours, that holds the lock of argv[2] until it is killed.
// Prints a line once it has it.
import { openSync } from 'node:fs';
import { tryLock } from 'fs-native-extensions';

const descriptor = openSync(process.argv[2], 'a+', 0o600);
process.stdout.write(tryLock(descriptor) ? 'held\n' : 'busy\n');
setInterval(() => undefined, 1000);
