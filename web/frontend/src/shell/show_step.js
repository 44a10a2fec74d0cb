/** Two diagrams beside a table of steps: a step's button shows its element in both; a link to a step opens the tab it is in. */

export function showSteps() {
  document.addEventListener('click', (event) => {
    const chosen = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[data-show-step]'));
    const row = chosen && document.getElementById(`step-${chosen.dataset.showStep}`);
    if (!row) return;
    const button = /** @type {HTMLElement | null} */ (row.querySelector('[data-elements]'));
    const elements = /** @type {string[]} */ (JSON.parse(button?.dataset.elements ?? '[]'));
    const diagrams = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-island=diagram][data-side]')]);
    for (const other of document.querySelectorAll('.audit-shown')) other.classList.remove('audit-shown');
    row.classList.add('audit-shown');
    openTabOf(row.contains(chosen) ? diagrams[0] : row);
    for (const diagram of diagrams) {
      diagram.dispatchEvent(new CustomEvent('diagram:focus', { detail: { elementId: elements[Number(diagram.dataset.side)] } }));
    }
    if (row.contains(chosen)) diagrams[0].scrollIntoView({ block: 'nearest' });
    else row.scrollIntoView({ block: 'center' });
  });
}

/** @param {Element} element on a phone in a tab that may be closed */
function openTabOf(element) {
  const tab = element.closest('[data-tab]')?.getAttribute('aria-labelledby');
  if (tab && !element.getClientRects().length) document.getElementById(tab)?.click();
}
