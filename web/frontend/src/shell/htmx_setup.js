/** htmx, set up for a strict content security policy, CSRF, and our error answers. */
import htmx from 'htmx.org';
import { say } from '../language.js';
import { toast } from './toasts.js';

/** @returns {string} the CSRF token of the page */
export const csrfToken = () => document.querySelector('meta[name=csrf-token]')?.getAttribute('content') ?? '';

/** @param {(root: ParentNode) => void} bringToLife called for every piece that htmx swaps in */
export function setUpHtmx(bringToLife) {
  window.htmx = htmx;
  htmx.config.allowEval = false;
  htmx.config.includeIndicatorStyles = false;
  htmx.config.responseHandling = [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '[45]..', swap: false, error: true },
  ];
  document.addEventListener('htmx:configRequest', (event) => {
    /** @type {CustomEvent} */ (event).detail.headers['X-CSRFToken'] = csrfToken();
  });
  document.addEventListener('htmx:load', (event) => bringToLife(/** @type {CustomEvent} */ (event).detail.elt));
  document.addEventListener('htmx:responseError', (event) => {
    toast(messageOf(/** @type {CustomEvent} */ (event).detail.xhr), 'bad');
  });
  document.addEventListener('htmx:sendError', () => {
    toast(say({ zh: '网络不通，请稍后再试。', en: 'No connection. Please try again later.' }), 'bad');
  });
}

/**
 * @param {XMLHttpRequest} request
 * @returns {string} the server's own message if it sent one
 */
function messageOf(request) {
  const isJson = (request.getResponseHeader('Content-Type') ?? '').includes('json');
  const message = isJson ? JSON.parse(request.responseText).message : null;
  if (message) return say(message);
  return say({ zh: `操作没有成功（${request.status}）。`, en: `That did not work (${request.status}).` });
}
