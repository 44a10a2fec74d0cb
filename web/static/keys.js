/* The keyboard: j and k walk through a list, Enter opens, x ticks, / searches, g i / g s / g c / g m go places, ? helps. And small comforts of forms. */

const rows = () => [...document.querySelectorAll('[data-rows] > [data-row]')];
const PLACES = { i: '/inbox', s: '/start', c: '/cases', m: '/manuals' };
let isGoing = false;

/** @param {number} step */
function walk(step) {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, here + step))];
  next?.querySelector('a')?.focus();
}

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof Element && Boolean(target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]'));

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (isGoing) {
    isGoing = false;
    if (PLACES[event.key]) window.location.assign(PLACES[event.key]);
    return;
  }
  if (event.key === 'j') walk(1);
  else if (event.key === 'k') walk(-1);
  else if (event.key === 'x') document.activeElement?.closest('[data-row]')?.querySelector('input[type=checkbox]')?.click();
  else if (event.key === 'g') isGoing = true;
  else if (event.key === '?') help();
  else if (event.key === '/') {
    event.preventDefault();
    document.querySelector('[data-search]')?.focus();
  }
});

function help() {
  /** @type {HTMLDialogElement | null} */ (document.getElementById('key-help'))?.showModal();
}
document.addEventListener('click', (event) => {
  const target = /** @type {Element} */ (event.target);
  if (target.closest('[data-key-help]')) help();
  // a click elsewhere closes open menus
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(target)) menu.removeAttribute('open');
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const menu = document.querySelector('details.menu[open]');
  menu?.removeAttribute('open');
  menu?.querySelector('summary')?.focus();
});

// on a phone a table of contents would fill the screen
if (matchMedia('(max-width: 991.98px)').matches) document.querySelector('[data-contents]')?.removeAttribute('open');

// filters apply at once: a choice immediately, text when the typing pauses
let typing = 0;
document.addEventListener('change', (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.matches('[data-auto-submit] :is(select, input[type=date])')) field.form?.requestSubmit();
  if (field.matches('[data-submit-on-change]') && field.value) field.form?.requestSubmit();
});
document.addEventListener('input', (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (!field.matches('[data-auto-submit] input[type=search]')) return;
  clearTimeout(typing);
  typing = window.setTimeout(() => field.form?.requestSubmit(), 600);
});
const search = document.querySelector('[data-search]');
if (search instanceof HTMLInputElement && search.value) {
  search.focus();
  search.setSelectionRange(search.value.length, search.value.length);
}

// nobody presses twice
document.addEventListener('submit', (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.method !== 'post' || event.defaultPrevented) return;
  setTimeout(() => form.querySelectorAll('button').forEach((button) => { button.disabled = true; }), 0);
});
window.addEventListener('pageshow', (event) => {
  if (event.persisted) document.querySelectorAll('form button:disabled').forEach((button) => { button.disabled = false; });
});

// on a phone the chosen tab may lie outside the strip
document.querySelector('.tab[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
