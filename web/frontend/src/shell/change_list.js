/** A list of changes beside diagrams: a click on a change brings its element into view. */

export function followChanges() {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-change-list] [data-element]') : null;
    const list = button?.closest('[data-change-list]');
    if (!(button instanceof HTMLElement) || !(list instanceof HTMLElement)) return;
    const diagrams = document.getElementById(list.dataset.changeList ?? '');
    diagrams?.dispatchEvent(new CustomEvent('diagram:focus', { detail: { elementId: button.dataset.element } }));
    list.querySelector('[aria-current]')?.removeAttribute('aria-current');
    button.setAttribute('aria-current', 'true');
  });
}
