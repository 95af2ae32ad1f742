// Another process that makes the two paths change places without pause, until it is killed: a
// directory and a link to somewhere else, for example. Prints a line when it has begun.
import { swapSync } from 'fs-native-extensions';

const [, , left, right] = process.argv;
swapSync(left, right);
process.stdout.write('flipping\n');
for (;;) {
  try {
    swapSync(left, right);
  } catch (error) {
    // Whoever works on the directory may have moved it away for a moment.
    if (error.code !== 'ENOENT') throw error;
  }
}
