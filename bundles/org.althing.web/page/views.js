// SPDX-License-Identifier: EPL-2.0
// One function for each page: asks the node and gives a title, a menu and elements.

import { evidenceOf } from './api.js';
import {
  amount, approximate, bytes, cid, count, facts, h, percent, prose, span, table, time, until,
} from './dom.js';

const PAGE_ROWS = 50;
const HTML = { html: true };
const STATUS = {
  submitted: ['wait', 'waits for sponsors'],
  review: ['wait', 'in review'],
  voting: ['open', 'open for votes'],
  closed: ['wait', 'being counted'],
  passed: ['good', 'passed'],
  executed: ['good', 'passed and carried out'],
  rejected: ['bad', 'rejected'],
  'quorum-missed': ['bad', 'quorum missed'],
  withdrawn: ['bad', 'withdrawn'],
  vetoed: ['bad', 'vetoed'],
  expired: ['bad', 'expired'],
  void: ['bad', 'void'],
};
const NODE_MENU = [['#/', 'Groups'], ['#/node', 'This node']];

function statusOf(p) {
  const [kind, known] = STATUS[p.status] ?? ['wait', p.status];
  const words = p.status === 'executed' && !p.actions.length ? STATUS.passed[1] : known;
  return h('span', { class: `status ${kind}` }, words);
}

function menuOf(dao) {
  return [...NODE_MENU, [`#/dao/${dao}`, 'Proposals'], [`#/dao/${dao}/members`, 'Members'], [`#/dao/${dao}/seals`, 'Seals']];
}

// The groups of this node.
export async function home(get) {
  const daos = await get('daos');
  const cards = daos.map((d) => h('li', { class: 'card' },
    h('h3', null, h('a', { href: `#/dao/${d.dao}` }, d.name)),
    h('p', null, `${count(d.members, 'member')}, ${count(d.proposals, 'proposal')}, ${d.open} open; seal ${d.height}`)));
  return {
    title: 'Groups',
    menu: NODE_MENU,
    nodes: [
      h('h1', null, 'Groups on this node'),
      h('p', { class: 'lead' }, 'Every one of them decides by itself, and everything it decided can be checked.'),
      cards.length ? h('ul', { class: 'cards' }, cards)
        : h('p', null, 'None yet. Found one with ', h('code', null, 'althing dao create NAME'), '.'),
    ],
  };
}

// The proposals of a group.
export async function dao(get, id, query) {
  const filter = { status: query.get('status') ?? '', search: query.get('search') ?? '' };
  const offset = Math.max(0, Number(query.get('offset')) || 0);
  const [d, proposals] = await Promise.all([
    get(`daos/${id}`, HTML),
    get(`daos/${id}/proposals`, { ...filter, offset, limit: PAGE_ROWS + 1 }),
  ]);
  const cards = proposals.slice(0, PAGE_ROWS).map((p) => h('li', { class: 'card' },
    h('h3', null, h('a', { href: `#/proposal/${p.proposal}` }, p.title)),
    h('p', null, statusOf(p), ...about(p))));
  return {
    title: d.name,
    menu: menuOf(id),
    nodes: [
      h('h1', null, d.name),
      d.purpose ? h('div', { class: 'lead' }, prose(d.purpose, d.html)) : null,
      h('h2', null, 'Proposals'),
      searchForm(id, filter),
      cards.length ? h('ul', { class: 'cards' }, cards) : h('p', null, nothing(filter)),
      pager(id, filter, offset, proposals.length > PAGE_ROWS),
      h('h2', null, 'Rules'),
      rules(d),
    ],
  };
}

function about(p) {
  const parts = [`${p.method}, ${count(p.ballots, 'ballot')}`];
  if (p.status === 'voting') {
    parts.push(`closes ${until(p.deadlineMillis)}`);
  }
  if (p.tally && !p.tally.running && p.tally.winners.length) {
    parts.push(`outcome: ${p.tally.winners.join(', ')}`);
  }
  return parts.map((part) => `; ${part}`);
}

function nothing(filter) {
  return filter.status || filter.search ? 'No proposal is like that.' : 'There are no proposals yet.';
}

function searchForm(id, filter) {
  const choice = (value, text) => h('option', { value, selected: filter.status === value }, text);
  return h('form', {
    class: 'filter',
    role: 'search',
    onsubmit: (event) => {
      event.preventDefault();
      location.hash = target(id, Object.fromEntries(new FormData(event.target)), 0);
    },
  },
  h('label', null, 'Words', h('input', { type: 'search', name: 'search', value: filter.search, maxlength: 200 })),
  h('label', null, 'Status', h('select', { name: 'status' },
    choice('', 'any'), Object.entries(STATUS).map(([value, [, text]]) => choice(value, text)))),
  h('button', { type: 'submit' }, 'Show'));
}

function target(id, filter, offset) {
  const query = new URLSearchParams(Object.entries({ ...filter, offset }).filter(([, value]) => value));
  return `#/dao/${id}${query.size ? `?${query}` : ''}`;
}

function pager(id, filter, offset, more) {
  return !offset && !more ? null : h('p', null,
    offset ? h('a', { href: target(id, filter, Math.max(0, offset - PAGE_ROWS)) }, 'Newer') : null,
    offset && more ? ' · ' : null,
    more ? h('a', { href: target(id, filter, offset + PAGE_ROWS) }, 'Older') : null);
}

function rules(d) {
  const r = d.rules;
  return facts([
    ['Quorum', `${percent(approximate(r.quorum))} of the voting power`],
    ['Threshold', `more than ${percent(approximate(r.threshold))} of for and against`],
    ['Sponsors', String(r.sponsors)],
    ['Review', r.reviewMillis ? span(r.reviewMillis) : 'none'],
    ['Voting', span(r.votingMillis)],
    ['Time lock', r.timeLockMillis ? span(r.timeLockMillis) : 'none'],
    ['Methods', r.methods.length ? r.methods.join(', ') : 'any that is installed'],
    ['Notaries', String(d.notaries.length)],
    ['Voting power in all', `${amount(d.power)} votes`],
    ['Name of the group', cid(d.dao)],
  ]);
}

// One proposal.
export async function proposal(get, id) {
  const p = await get(`proposals/${id}`, HTML);
  const [comments, d] = await Promise.all([get(`proposals/${id}/comments`, HTML), get(`daos/${p.dao}`)]);
  return {
    title: p.title,
    menu: menuOf(p.dao),
    news: p.status === 'voting' ? `${count(p.ballots, 'ballot')} so far` : STATUS[p.status]?.[1],
    nodes: [
      h('h1', null, p.title),
      h('p', { class: 'lead' }, statusOf(p), p.reason ? `: ${p.reason}` : null, ...when(p),
        ` · by ${p.authorName || 'a former member'} in `, h('a', { href: `#/dao/${p.dao}` }, d.name)),
      p.text ? prose(p.text, p.html) : h('p', null, 'No text was given.'),
      p.actions.length ? h('h2', null, 'What it does if it passes') : null,
      p.actions.length ? h('ul', null, p.actions.map((action) => h('li', null, action))) : null,
      h('h2', null, 'Tally'),
      tally(p),
      h('h2', null, 'Timeline'),
      timeline(p),
      h('h2', null, `Discussion (${comments.length})`),
      discussion(comments),
      h('h2', null, 'Evidence'),
      evidence(p),
    ],
  };
}

function when(p) {
  return p.status === 'voting' ? [` · closes ${until(p.deadlineMillis)}, `, time(p.deadlineMillis)]
    : p.dueMillis > 0 ? [` · next step ${until(p.dueMillis)}`] : [];
}

function tally(p) {
  const power = approximate(p.ballotPower);
  const turnout = approximate(p.electoratePower) ? power / approximate(p.electoratePower) : 0;
  const part = facts([
    ['Method', `${p.method}${p.seats > 1 ? `, ${p.seats} seats` : ''}`],
    ['Ballots', p.openedAt < 0 ? 'voting has not begun' : count(p.ballots, 'ballot')],
    ['Turnout', p.openedAt < 0 ? '' : `${percent(turnout)} of the voting power; the quorum is ${percent(approximate(p.quorum))}`],
    ['Outcome', p.tally && !p.tally.running ? p.tally.winners.join(', ') || 'nobody' : ''],
    ['Tie', p.tally?.tie ?? ''],
  ]);
  if (!p.tally) {
    return h('div', null, part, p.options.length ? h('p', null, `Options: ${p.options.join(', ')}`) : null);
  }
  const scores = Object.entries(p.tally.scores);
  const top = Math.max(...scores.map(([, score]) => approximate(score)), 0);
  const rows = scores.map(([option, score]) => {
    const fill = h('div', { class: 'fill' });
    fill.style.width = top > 0 ? `${Math.max(0, (100 * approximate(score)) / top)}%` : '0';
    const wins = p.tally.winners.includes(option);
    return h('tr', { class: wins ? 'winner' : null },
      h('th', { scope: 'row' }, option, wins ? h('span', { class: 'unseen' }, p.tally.running ? ' (ahead)' : ' (chosen)') : null),
      h('td', { class: 'bar' }, h('div', { class: 'track', 'aria-hidden': 'true' }, fill)),
      h('td', { class: 'number' }, amount(score)));
  });
  return h('div', null, part, h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Scores' },
    h('table', { class: 'tally' },
      h('caption', null, p.tally.running ? 'Scores so far; they move with every sealed ballot.' : 'Scores of the count.'),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Option'),
        h('th', { scope: 'col' }, h('span', { class: 'unseen' }, 'Bar')), h('th', { scope: 'col', class: 'number' }, 'Score'))),
      h('tbody', null, rows))));
}

function timeline(p) {
  const seal = (height, words) => (height < 0 ? null : h('li', null, `${words} in `, h('a', { href: `#/dao/${p.dao}/seals?from=${height}` }, `seal ${height}`)));
  return h('ol', { class: 'timeline' },
    seal(p.submittedAt, 'Submitted'),
    p.sponsorsNeeded ? h('li', null, `Sponsored by ${p.sponsors.length} of ${p.sponsorsNeeded}`) : null,
    seal(p.openedAt, 'Opened for votes'),
    p.extendedMillis > 0 ? h('li', null, `Deadline moved by ${span(p.extendedMillis)}: seals came late`) : null,
    seal(p.closedAt, 'Closed'),
    seal(p.decidedAt, 'Decided'),
    h('li', null, statusOf(p)));
}

function discussion(comments) {
  const under = (parent) => comments.filter((c) => c.parent === parent).map((c) => h('li', null,
    h('p', { class: 'who' }, c.authorName || 'a former member', ' ', h('span', { class: 'when' }, time(c.timeMillis))),
    prose(c.text, c.html),
    replies(c.comment)));
  const replies = (parent) => {
    const list = under(parent);
    return list.length ? h('ul', { class: 'comments' }, list) : null;
  };
  return replies('') ?? h('p', null, 'Nobody has said anything yet.');
}

function evidence(p) {
  if (p.decidedAt < 0) {
    return h('p', null, 'There will be evidence as soon as the proposal is decided.');
  }
  return h('div', null,
    h('p', null, 'One file holds every ballot, every signature and every seal that this outcome rests on.'),
    h('p', null, h('a', { class: 'button', href: evidenceOf(p.proposal), download: '' }, 'Download the evidence')),
    facts([['Hash of the result', p.tally ? cid(p.tally.resultHash) : ''], ['Counted by', count(p.results.length, 'notary', 'notaries')]]),
    h('h3', null, 'How to check this yourself'),
    h('p', null, 'On a machine of your own, with no connection to this node:'),
    h('pre', { class: 'how', tabindex: '0' }, h('code', null, `althing verify --dao ${p.dao} ${p.proposal}.car`)),
    h('p', null, 'It checks each signature, who was allowed to vote, that no ballot is missing, and counts again. Get the name after ',
      h('code', null, '--dao'), ' from a member rather than from this page.'));
}

// The members of a group.
export async function members(get, id) {
  const [d, all] = await Promise.all([get(`daos/${id}`), get(`daos/${id}/members`)]);
  return {
    title: `Members of ${d.name}`,
    menu: menuOf(id),
    nodes: [
      h('h1', null, `Members of ${d.name}`),
      table(count(all.filter((m) => m.active).length, 'active member'),
        [{ title: 'Name' }, { title: 'Roles' }, { title: 'Votes', number: true }, { title: 'Key' }],
        all.map((m) => [m.active ? m.name : `${m.name} (left)`, m.roles.join(', '), amount(m.power), cid(m.root)])),
    ],
  };
}

// The seals of a group, newest first.
export async function seals(get, id, query) {
  const d = await get(`daos/${id}`);
  const asked = query.has('from') ? Number(query.get('from')) : d.height;
  const top = Math.min(d.height, Math.max(0, asked));
  const from = Math.max(0, top - PAGE_ROWS + 1);
  const list = (await get(`daos/${id}/seals`, { from, limit: top - from + 1 })).reverse();
  return {
    title: `Seals of ${d.name}`,
    menu: menuOf(id),
    nodes: [
      h('h1', null, `Seals of ${d.name}`),
      h('p', { class: 'lead' }, 'A seal fixes the order of what the members signed, and the state of the group after it.'),
      table(`Seals ${from} to ${top} of ${d.height}`,
        [{ title: 'Height', number: true }, { title: 'Time' }, { title: 'Entries', number: true }, { title: 'Name' }, { title: 'State' }],
        list.map((s) => [String(s.height), time(s.timeMillis), s.entries.toLocaleString('en'), cid(s.header), cid(s.stateRoot)])),
      h('p', null,
        top < d.height ? h('a', { href: `#/dao/${id}/seals?from=${top + PAGE_ROWS}` }, 'Newer') : null,
        top < d.height && from > 0 ? ' · ' : null,
        from > 0 ? h('a', { href: `#/dao/${id}/seals?from=${from - 1}` }, 'Older') : null),
    ],
  };
}

// The node itself.
const PEERS = [
  { title: 'Peer' }, { title: 'Program' }, { title: 'Who dialled' }, { title: 'Connected', number: true },
  { title: 'Round trip', number: true }, { title: 'Score', number: true }, { title: 'Meshes', number: true },
];

/** The last letters of a peer id differ, the first hardly do. */
function peerName(id) {
  return h('code', { class: 'cid', title: id }, `…${id.slice(-8)}`);
}

function caughtUp(sync) {
  if (sync.height < 0 && sync.heightKnown < 0) {
    return `joined, but none of ${count(sync.peers, 'peer')} has it`;
  }
  if (sync.inSync) {
    return 'up to date';
  }
  const far = `${count(sync.entriesLeft, 'entry', 'entries')} to come`;
  if (sync.stalled) {
    return h('strong', null, `${far}, but nothing comes: ${sync.problem}`);
  }
  return `${far}, ${sync.entriesPerSecond.toLocaleString('en')} a second${sync.leftMillis < 0 ? '' : `, ${span(sync.leftMillis)} left`}`;
}

/** Whom the node is connected with; where they are is told to the administrator alone. */
async function network(get, s) {
  if (!s.network) {
    return [h('h2', null, 'Network'), h('p', null, 'This node is on its own: it was started without a network.')];
  }
  const peers = await get('peers');
  return [
    h('h2', null, 'Network'),
    facts([
      ['Peer id', cid(s.network.peer)],
      ['Connections', `${s.network.counters.inbound.toLocaleString('en')} came in, ${s.network.counters.outbound.toLocaleString('en')} dialled`],
      ['Traffic', `${bytes(s.network.counters.bytesIn)} in, ${bytes(s.network.counters.bytesOut)} out`],
      ...s.sync.map((sync) => [s.daos.find((dao) => dao.dao === sync.dao)?.name ?? cid(sync.dao), caughtUp(sync)]),
    ]),
    peers.length === 0 ? h('p', null, 'Nobody is connected at the moment.')
      : table('Connected with', PEERS, peers.map((peer) => [
        peerName(peer.peer), peer.agent, peer.inbound ? 'it' : 'we', span(Date.now() - peer.sinceMillis),
        peer.roundTripMicros < 0 ? '' : `${(peer.roundTripMicros / 1000).toFixed(1)} ms`, peer.score.toFixed(1), String(peer.meshes),
      ])),
  ];
}

export async function status(get) {
  const s = await get('status');
  return {
    title: 'This node',
    menu: NODE_MENU,
    nodes: [
      h('h1', null, 'This node'),
      s.problems.length ? h('div', { class: 'problem' }, h('h2', null, 'Needs attention'),
        h('ul', null, s.problems.map((problem) => h('li', null, problem))))
        : h('p', { class: 'lead' }, 'All is well.'),
      facts([
        ['Version', s.version],
        ['Running since', time(s.startedMillis)],
        ['Groups', String(s.daos.length)],
        ['Seals by', s.protocol || 'nothing: no sealing protocol is installed'],
        ['Signatures checked by', s.signatures],
        ['Voting methods', s.methods.join(', ')],
        ['Notary key', cid(s.notary)],
      ]),
      ...await network(get, s),
    ],
  };
}
