/** Keeps `<div data-live="URL">` fresh: fetched every few seconds while the page is visible, swapped only when it changed. */

/** @type {WeakMap<Element, string>} */
const etags = new WeakMap();

/** @param {ParentNode} root */
export function keepLive(root) {
  for (const element of root.querySelectorAll('[data-live]:not([data-live-on])')) start(/** @type {HTMLElement} */ (element));
}

/** @param {HTMLElement} element */
function start(element) {
  element.dataset.liveOn = '1';
  const everyMs = Number(element.dataset.liveEvery ?? 10) * 1000;
  const timer = setInterval(() => {
    if (!element.isConnected) stop();
    else if (document.visibilityState === 'visible') refresh(element);
  }, everyMs);
  const onVisible = () => document.visibilityState === 'visible' && refresh(element);
  document.addEventListener('visibilitychange', onVisible);

  function stop() {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', onVisible);
  }
}

/** @param {HTMLElement} element */
async function refresh(element) {
  if (isInUse(element)) return;
  const answer = await ask(element);
  if (!answer?.ok || answer.redirected || isInUse(element)) return; // redirected: signed out, the next click will say so
  etags.set(element, answer.headers.get('ETag') ?? '');
  const html = await answer.text();
  if (html === element.dataset.liveHtml) return;
  window.htmx.swap(element, html, { swapStyle: 'innerHTML', swapDelay: 0, settleDelay: 0 });
  element.dispatchEvent(new CustomEvent('live:changed', { bubbles: true }));
}

/**
 * @param {HTMLElement} element
 * @returns {Promise<Response | null>} null when the network is down: the next round tries again
 */
async function ask(element) {
  const headers = { 'HX-Request': 'true', 'If-None-Match': etags.get(element) ?? '' };
  try {
    return await fetch(element.dataset.live ?? '', { headers, credentials: 'same-origin' });
  } catch {
    return null;
  }
}

/**
 * @param {HTMLElement} element
 * @returns {boolean} whether somebody types, walks by keyboard or marks text inside, so that a swap would disturb
 */
function isInUse(element) {
  const selection = document.getSelection();
  const isMarked = Boolean(selection && !selection.isCollapsed && element.contains(selection.anchorNode));
  return isMarked || Boolean(element.querySelector('input:focus, textarea:focus, select:focus, :focus-visible'));
}
