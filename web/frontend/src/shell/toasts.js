/** Short messages that appear at the edge of the page and go away by themselves. */
import { say } from '../language.js';

const KEPT = 'opsbook.toasts';
const SHOWN_MS = 6000;

/** @typedef {'good' | 'info' | 'warn' | 'bad'} Tone */

/**
 * Shows a message now.
 * @param {string} text
 * @param {Tone} [tone]
 */
export function toast(text, tone = 'info') {
  const item = document.createElement('div');
  item.className = `ops-toast ops-tone-${tone}`;
  item.setAttribute('role', tone === 'bad' ? 'alert' : 'status');
  const words = document.createElement('span');
  words.textContent = text;
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'btn-close';
  close.setAttribute('aria-label', say({ zh: '关闭', en: 'Close' }));
  close.addEventListener('click', () => item.remove());
  item.append(words, close);
  tray().append(item);
  if (tone !== 'bad') setTimeout(() => item.remove(), SHOWN_MS);
}

/**
 * Keeps a message for the page that comes next.
 * @param {string} text
 * @param {Tone} [tone]
 */
export function toastOnNextPage(text, tone = 'good') {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
  sessionStorage.setItem(KEPT, JSON.stringify([...kept, { text, tone }]));
}

/** Shows toasts that scripts and the server's `HX-Trigger` header ask for by the `toast` event. */
export function receiveToasts() {
  window.addEventListener('toast', (event) => {
    const { text, tone, zh, en } = /** @type {CustomEvent} */ (event).detail ?? {};
    toast(text ?? say({ zh, en }), tone);
  });
}

/**
 * Shows what the page brought with it: flashed messages and those kept by the page before.
 * @param {ParentNode} root
 */
export function showWaitingToasts(root) {
  for (const template of /** @type {NodeListOf<HTMLTemplateElement>} */ (root.querySelectorAll('template[data-toast]'))) {
    toast(template.content.textContent ?? '', /** @type {Tone} */ (template.dataset.toast));
    template.remove();
  }
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
  sessionStorage.removeItem(KEPT);
  for (const { text, tone } of kept) toast(text, tone);
}

/** @returns {HTMLElement} where messages stand */
export function tray() {
  const found = document.querySelector('.ops-toasts');
  if (found) return /** @type {HTMLElement} */ (found);
  const made = document.createElement('div');
  made.className = 'ops-toasts';
  document.body.append(made);
  return made;
}
