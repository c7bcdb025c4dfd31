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

/** The address that is shown; null before the first, empty after an error. */
let shown = null;
let pending = null;

function address() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { path, query: new URLSearchParams(query) };
}

/** Shows what the address names. When only data changed, elements stay, and with them focus, scroll and what is typed. */
async function show(changed = false) {
  const { path, query } = address();
  const where = `${path}?${query}`;
  const [pattern, page] = ROUTES.find(([each]) => each.test(path)) ?? [];
  try {
    if (!page) {
      throw new Error('There is no such page.');
    }
    const view = await page(get, pattern.exec(path)[1], query);
    if (where !== `${address().path}?${address().query}`) {
      return;
    }
    menu(view.menu);
    document.title = `${view.title} – Althing`;
    const nodes = view.nodes.filter((node) => node !== null);
    // Always, not just when it gets the focus: what a later look at the data lacks is taken away, and the focus with it.
    const heading = nodes.find((node) => node.nodeName === 'H1');
    heading.tabIndex = -1;
    if (shown === where) {
      adopt(main, nodes);
      if (changed && view.news) {
        announcer.textContent = view.news;
      }
    } else {
      main.replaceChildren(...nodes);
      if (shown !== null) {
        heading.focus();
        window.scrollTo(0, 0);
      }
    }
    shown = where;
  } catch (error) {
    main.replaceChildren(h('h1', null, 'That did not work'), h('p', { class: 'problem', role: 'alert' }, error.message));
    shown = '';
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
