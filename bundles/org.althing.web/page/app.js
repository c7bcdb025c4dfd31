// SPDX-License-Identifier: EPL-2.0
// Shows the view that the address names, and shows it anew when the node tells of a change.

import { get, listen } from './api.js';
import { adopt, h } from './dom.js';
import { dao, home, members, proposal, seals, status } from './views.js';

/** Changes come in bursts, e.g. a seal of many ballots: one look at the node serves them all. */
const REFRESH_DELAY_MILLIS = 150;
const RETRY_MILLIS = 3000;

const main = document.getElementById('main');
const nav = document.getElementById('nav');
const announcer = document.getElementById('announcer');
const connection = document.getElementById('connection');

const ROUTES = [
  [/^$/, home],
  [/^node$/, status],
  [/^dao\/(\w+)$/, dao],
  [/^dao\/(\w+)\/members$/, members],
  [/^dao\/(\w+)\/seals$/, seals],
  [/^proposal\/(\w+)$/, proposal],
];

let shown = { address: null };
let pending = null;

function address() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { path, query: new URLSearchParams(query) };
}

/** Shows what the address names. When only data changed, elements stay, and with them focus, scroll and what is typed. */
async function show(changed = false) {
  const { path, query } = address();
  const where = `${path}?${query}`;
  const route = ROUTES.find(([pattern]) => pattern.test(path));
  try {
    if (!route) {
      throw new Error('There is no such page.');
    }
    const view = await route[1](get, path.match(route[0])[1], query);
    if (where !== `${address().path}?${address().query}`) {
      return;
    }
    menu(view.menu);
    document.title = `${view.title} – Althing`;
    const nodes = view.nodes.filter((node) => node !== null);
    // Always, not just when it gets the focus: what a later look at the data lacks is taken away, and the focus with it.
    nodes.find((node) => node.nodeName === 'H1').tabIndex = -1;
    if (shown.address === where) {
      adopt(main, nodes);
    } else {
      main.replaceChildren(...nodes);
    }
    if (shown.address !== where && shown.address !== null) {
      const heading = main.querySelector('h1');
      heading.focus();
      window.scrollTo(0, 0);
    } else if (changed && view.news) {
      announcer.textContent = view.news;
    }
    shown = { address: where };
  } catch (error) {
    main.replaceChildren(h('h1', null, 'That did not work'), h('p', { class: 'problem', role: 'alert' }, error.message));
    shown = { address: '' };
    if (error.status === 0) {
      refresh(RETRY_MILLIS);
    }
  }
}

function menu(links) {
  const here = location.hash || '#/';
  nav.replaceChildren(...links.map(([href, text]) =>
    h('a', { href, 'aria-current': here === href ? 'page' : null }, text)));
}

function refresh(delayMillis = REFRESH_DELAY_MILLIS) {
  pending ??= setTimeout(() => {
    pending = null;
    show(true);
  }, delayMillis);
}

window.addEventListener('hashchange', () => show());
listen(() => refresh(), (on) => {
  connection.textContent = on ? 'live' : 'connecting';
  connection.classList.toggle('on', on);
  if (on) {
    refresh();
  }
});
show();
