/** Choosing an element on a diagram beside a form: a click fills the list that is open, or the first empty one. */

export function pickElements() {
  document.addEventListener('diagram:select', (event) => {
    const { elementId } = /** @type {CustomEvent} */ (event).detail;
    const lists = /** @type {HTMLSelectElement[]} */ ([...document.querySelectorAll('select[data-picks-element]')]);
    const fits = lists.filter((list) => [...list.options].some((option) => option.value === elementId));
    const list = fits.find((item) => item === document.activeElement) ?? fits.find((item) => item.value === '') ?? fits[0];
    if (!list) return;
    list.value = elementId;
    list.closest('details')?.setAttribute('open', '');
    list.dispatchEvent(new Event('change', { bubbles: true }));
  });
}
