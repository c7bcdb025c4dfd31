// SPDX-License-Identifier: EPL-2.0
// The node's API, and its stream of what changes.

const BASE = 'api/v1';

/** What went wrong, in the words of the node where it had any. */
export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export async function get(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  let response;
  try {
    response = await fetch(`${BASE}/${path}${query.size ? `?${query}` : ''}`, { headers: { accept: 'application/json' } });
  } catch {
    throw new ApiError('The node does not answer. It may be restarting; this page tries again by itself.', 0);
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new ApiError(body.detail ?? body.title ?? `The node answered ${response.status}.`, response.status);
  }
  return body;
}

/**
 * Calls back for every change of a DAO, and when the connection comes and goes. The browser connects again by itself and the node sends
 * what was missed.
 */
export function listen(onChange, onState) {
  const source = new EventSource(`${BASE}/events`);
  source.addEventListener('open', () => onState(true));
  source.addEventListener('error', () => onState(false));
  for (const type of ['seal', 'proposal', 'entry', 'sync', 'reset']) {
    source.addEventListener(type, (event) => onChange(type, JSON.parse(event.data)));
  }
  return source;
}

export function evidenceOf(proposal) {
  return `${BASE}/proposals/${proposal}/evidence`;
}
