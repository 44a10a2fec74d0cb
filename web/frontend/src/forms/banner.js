/** The message above a form: conflict, refusal, no connection, what was restored. */
import '../styles/banner.css';

/**
 * @typedef {object} Action
 * @property {string} text
 * @property {(() => void) | string} does a function, or an address to go to
 */

export class Banner {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.element = document.createElement('div');
    this.element.className = 'ops-banner';
    this.element.hidden = true;
    host.append(this.element);
  }

  /**
   * @param {'bad' | 'warn' | 'info'} tone
   * @param {string} text
   * @param {{lines?: string[], actions?: Action[]}} [more]
   */
  show(tone, text, { lines = [], actions = [] } = {}) {
    this.element.className = `ops-banner ops-tone-${tone}`;
    this.element.setAttribute('role', tone === 'info' ? 'status' : 'alert');
    this.element.hidden = false;
    const words = document.createElement('p');
    words.textContent = text;
    this.element.replaceChildren(words);
    if (lines.length) this.element.append(listOf(lines));
    if (actions.length) {
      const row = document.createElement('div');
      row.className = 'ops-banner-actions';
      row.append(...actions.map(control));
      this.element.append(row);
    }
    this.element.scrollIntoView({ block: 'nearest' });
  }

  clear() {
    this.element.hidden = true;
    this.element.replaceChildren();
  }
}

/** @param {string[]} lines */
function listOf(lines) {
  const list = document.createElement('ul');
  list.append(...lines.map((line) => Object.assign(document.createElement('li'), { textContent: line })));
  return list;
}

/** @param {Action} action */
function control({ text, does }) {
  const look = { className: 'btn btn-sm', textContent: text };
  if (typeof does === 'string') return Object.assign(document.createElement('a'), look, { href: does });
  const button = Object.assign(document.createElement('button'), look, { type: 'button' });
  button.addEventListener('click', does);
  return button;
}
