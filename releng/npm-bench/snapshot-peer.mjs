// SPDX-License-Identifier: EPL-2.0
// Counts random votes with snapshot.js and prints one JSON line: the time from the stored votes to the scores, the part of it that the count
// took, and the peak memory. The votes lie in a file, one a line, as Snapshot's hub answers for votes (id, voter, created, choice, vp,
// vp_by_strategy); parsing them is inside the clock.
// Usage: node snapshot-peer.mjs TYPE BALLOTS OPTIONS SEED
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

function hexadecimal(digits) {
  let text = '0x';
  while (text.length < digits + 2) text += Math.floor(random() * 0x10000).toString(16).padStart(4, '0');
  return text;
}

function vote() {
  const vp = 1 + random() * 1e6;
  return {
    id: hexadecimal(64),
    voter: hexadecimal(40),
    created: 1700000000 + Math.floor(random() * 604800),
    choice: choice(),
    vp,
    vp_by_strategy: [vp],
  };
}

const CHUNK_BYTES = 1 << 20;
const VOTES_A_WRITE = 1000;
const folder = mkdtempSync(join(tmpdir(), 'althing-bench-'));
const file = join(folder, 'votes');

function writeVotes() {
  const to = openSync(file, 'w');
  for (let written = 0; written < ballots; written += VOTES_A_WRITE) {
    let lines = '';
    for (let i = written; i < Math.min(ballots, written + VOTES_A_WRITE); i++) lines += JSON.stringify(vote()) + '\n';
    writeSync(to, lines);
  }
  closeSync(to);
}

// The lines are ASCII, so no character is cut in two by a chunk.
function readVotes() {
  const votes = [];
  const from = openSync(file, 'r');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let rest = '';
  for (let bytes = readSync(from, chunk); bytes > 0; bytes = readSync(from, chunk)) {
    const lines = (rest + chunk.latin1Slice(0, bytes)).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const vote = JSON.parse(line);
      vote.balance = vote.vp;
      vote.scores = vote.vp_by_strategy;
      votes.push(vote);
    }
  }
  closeSync(from);
  return votes;
}

const proposal = { choices: Array.from({ length: options }, (_, i) => `Option ${i + 1}`) };
const strategies = [{ name: 'ticket', network: 1, params: {} }];
writeVotes();
const start = process.hrtime.bigint();
const votes = readVotes();
const parsed = process.hrtime.bigint();
const scores = new utils.voting[type](proposal, votes, strategies, 1).getScores();
const counted = process.hrtime.bigint();
rmSync(folder, { recursive: true });
const millis = Number(counted - start) / 1e6;
const countMillis = Number(counted - parsed) / 1e6;
// Not resourceUsage().maxRSS: that begins with what the starting process used.
const peakBytes = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
console.log(JSON.stringify({ type, ballots, millis, countMillis, peakBytes, scores }));
