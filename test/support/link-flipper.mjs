// Another process that makes two paths change places, a directory and a link to somewhere else, for
// example: without pause after the line `flip`, and not at all after the line `rest`, when each is in
// its place again. Says each of the two when it is so.
import { lstatSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { swapSync } from 'fs-native-extensions';

const [, , directory, link] = process.argv;
const isInPlace = () => lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() === true;
let wish = 'rest';
let said = 'rest';
let isOver = false;

function say() {
  if (said !== wish) process.stdout.write(`${wish}\n`);
  said = wish;
}

function turn() {
  try {
    if (wish === 'flip') {
      for (let times = 0; times < 50; times += 1) swapSync(directory, link);
      say();
    } else {
      if (!isInPlace()) swapSync(directory, link);
      if (isInPlace()) say();
    }
  } catch (error) {
    // Whoever works on the directory may have moved it away for a moment.
    if (error.code !== 'ENOENT') throw error;
  }
  // At rest it looks rarely, and does nobody any harm.
  if (wish === said && wish === 'rest') {
    if (!isOver) setTimeout(turn, 5);
  } else setImmediate(turn);
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    wish = line;
  })
  .on('close', () => {
    isOver = true;
  });
turn();
