// SPDX-License-Identifier: EPL-2.0
// Counts random ballots with snapshot.js and prints one JSON line: the time of the count alone, and the peak memory.
// Usage: node snapshot-peer.mjs TYPE BALLOTS OPTIONS SEED
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { utils } = createRequire(import.meta.url)('@snapshot-labs/snapshot.js');
const [type, ballots, options, seed] = [process.argv[2], ...process.argv.slice(3).map(Number)];

// A small generator (mulberry32), so that a run can be repeated.
let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

function shuffled() {
  const order = Array.from({ length: options }, (_, i) => i + 1);
  for (let i = options - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function choice() {
  switch (type) {
    case 'single-choice':
      return 1 + Math.floor(random() * options);
    case 'approval':
      return shuffled().slice(0, 1 + Math.floor(random() * options));
    case 'weighted':
    case 'quadratic':
      return Object.fromEntries(Array.from({ length: options }, (_, i) => [i + 1, 1 + Math.floor(random() * 100)]));
    default:
      return shuffled();
  }
}

const votes = Array.from({ length: ballots }, () => {
  const balance = 1 + random() * 1e6;
  return { choice: choice(), balance, scores: [balance] };
});
const proposal = { choices: Array.from({ length: options }, (_, i) => `Option ${i + 1}`) };
const strategies = [{ name: 'ticket', network: 1, params: {} }];
const start = process.hrtime.bigint();
const scores = new utils.voting[type](proposal, votes, strategies, 1).getScores();
const millis = Number(process.hrtime.bigint() - start) / 1e6;
// Not resourceUsage().maxRSS: that begins with what the starting process used.
const peakBytes = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
console.log(JSON.stringify({ type, ballots, millis, peakBytes, scores }));
