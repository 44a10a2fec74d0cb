/** Beside a diagram: what is said of the element that was clicked, and buttons that bring an element to its middle. */
import htmx from 'htmx.org';

export function showElementNotes() {
  document.addEventListener('diagram:select', (event) => {
    const { elementId } = /** @type {CustomEvent} */ (event).detail;
    const notes = /** @type {HTMLElement | null} */ (document.querySelector('[data-element-notes]'));
    if (notes) htmx.ajax('get', notes.dataset.elementNotes + encodeURIComponent(elementId), { target: notes, swap: 'innerHTML' });
  });
  document.addEventListener('click', (event) => {
    const button = /** @type {Element} */ (event.target).closest('[data-focus-element]');
    const diagram = document.querySelector('[data-island=diagram]');
    if (!button || !diagram) return;
    const elementId = button.getAttribute('data-focus-element');
    document.querySelector('.ops-tabs [role=tab]')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    diagram.scrollIntoView({ block: 'nearest' });
    diagram.dispatchEvent(new CustomEvent('diagram:focus', { detail: { elementId } }));
    diagram.dispatchEvent(new CustomEvent('diagram:select', { bubbles: true, detail: { elementId, name: '', type: '' } }));
  });
}
