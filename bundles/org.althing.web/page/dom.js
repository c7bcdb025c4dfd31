// SPDX-License-Identifier: EPL-2.0
// Elements from data. Text from members becomes text nodes alone; markup there is only of the node's making.

/** An element: h('a', {href: '#/', class: 'x'}, 'text', otherElement). Null children are left out. */
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * What a member wrote in CommonMark: as the HTML that the node made of it, in which nothing of theirs is markup; as it was typed where the
 * node made none.
 */
export function prose(text, html) {
  return html === undefined ? h('div', { class: 'text typed' }, text)
    : h('div', { class: 'text' }, [...new DOMParser().parseFromString(html, 'text/html').body.childNodes]);
}

/** Makes an element's children equal to these, and keeps every element that can stay: with its focus, and its field as it was typed. */
export function adopt(element, children) {
  children.forEach((child, i) => {
    const present = element.childNodes[i];
    if (!present) {
      element.append(child);
    } else if (present.nodeType !== child.nodeType || present.nodeName !== child.nodeName) {
      present.replaceWith(child);
    } else if (child.nodeType === Node.TEXT_NODE) {
      if (present.data !== child.data) {
        present.data = child.data;
      }
    } else {
      for (const { name } of [...present.attributes].filter((attribute) => !child.hasAttribute(attribute.name))) {
        if (name !== 'style') {
          present.removeAttribute(name);
        }
      }
      for (const { name, value } of [...child.attributes].filter((attribute) => attribute.name !== 'style')) {
        present.setAttribute(name, value);
      }
      present.style.width = child.style.width;
      adopt(present, [...child.childNodes]);
    }
  });
  while (element.childNodes.length > children.length) {
    element.lastChild.remove();
  }
}

/** Pairs of a name and what it is. */
export function facts(pairs) {
  return h('dl', { class: 'facts' }, pairs.filter(([, value]) => value !== null && value !== '')
    .flatMap(([name, value]) => [h('dt', null, name), h('dd', null, value)]));
}

/** A table with a caption, which scrolls by itself where the screen is narrow. */
export function table(caption, columns, rows) {
  const head = h('tr', null, columns.map((c) => h('th', { scope: 'col', class: c.number ? 'number' : null }, c.title)));
  const body = rows.map((row) => h('tr', null,
    row.map((cell, i) => h('td', { class: columns[i].number ? 'number' : null }, cell))));
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', null, h('caption', null, caption), h('thead', null, head), h('tbody', null, body)));
}

/** A long name, cut for the eye; the whole of it is there to be copied. */
export function cid(text) {
  const short = text.length > 24 ? `${text.slice(0, 12)}…${text.slice(-6)}` : text;
  return h('code', { class: 'cid', title: text }, short);
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

export function time(millis) {
  return millis < 0 ? '' : h('time', { datetime: new Date(millis).toISOString() },
    new Date(millis).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }));
}

/** A span, in its two largest units: "2 d 4 h". */
export function span(millis) {
  const parts = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]]
    .reduce(({ rest, text }, [unit, size]) => ({ rest: rest % size, text: [...text, [Math.floor(rest / size), unit]] }), { rest: millis, text: [] })
    .text;
  const first = parts.findIndex(([number]) => number > 0);
  return first < 0 ? '0 s' : parts.slice(first, first + 2).filter(([number]) => number > 0).map((part) => part.join(' ')).join(' ');
}

/** "1.5 MiB". */
export function bytes(number) {
  const unit = Math.min(4, Math.floor(Math.log2(Math.max(1, number)) / 10));
  return `${(number / 1024 ** unit).toFixed(unit ? 1 : 0)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][unit]}`;
}

/** How long until then, or since: "in 2 d 4 h". */
export function until(millis, now = Date.now()) {
  return millis >= now ? `in ${span(millis - now)}` : `${span(now - millis)} ago`;
}

/** An exact fraction such as "1/3" as a number, for the length of a bar alone. */
export function approximate(fraction) {
  const [numerator, denominator = '1'] = fraction.split('/');
  return Number(numerator) / Number(denominator);
}

/** An exact fraction for the eye: whole numbers as they are, others with two decimals. */
export function amount(fraction) {
  if (!fraction.includes('/')) {
    return BigInt(fraction).toLocaleString('en');
  }
  return `${approximate(fraction).toLocaleString('en', { maximumFractionDigits: 2 })}`;
}

export function percent(part) {
  return `${(100 * part).toLocaleString('en', { maximumFractionDigits: 1 })}%`;
}
