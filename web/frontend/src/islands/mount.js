/** Finds `<div data-island="NAME" data-props="ID">` and brings each to life with the properties in the JSON script of that id. */
import { say } from '../language.js';

/**
 * An island gets its element and its properties; it may return a function that cleans up when the element goes away.
 * @typedef {(element: HTMLElement, props: any) => Promise<(() => void) | void>} Island
 */

/** @type {Record<string, () => Promise<{mount: Island}>>} */
const islands = {
  compare: () => import('./compare.js'),
  compare_forms: () => import('./compare_forms.js'),
  chart: () => import('./chart.js'),
  diagram: () => import('./diagram.js'),
  form: () => import('./form.js'),
  hindsight: () => import('./hindsight.js'),
  map: () => import('./map.js'),
  player: () => import('./player.js'),
  signature: () => import('./signature.js'),
  photo: () => import('./photo.js'),
  modeler: () => import('./modeler.js'),
  form_editor: () => import('./form_editor.js'),
  decision_editor: () => import('./decision_editor.js'),
};

/** @param {ParentNode} root */
export function mountIslands(root) {
  const inside = root.querySelectorAll('[data-island]:not([data-mounted])');
  const self = root instanceof HTMLElement && root.matches('[data-island]:not([data-mounted])') ? [root] : [];
  for (const element of [...self, ...inside]) mountOne(/** @type {HTMLElement} */ (element));
}

/** @param {HTMLElement} element */
async function mountOne(element) {
  element.dataset.mounted = '1';
  try {
    const name = element.dataset.island ?? '';
    if (!islands[name]) throw new Error(`no island is called ${name}`);
    const script = document.getElementById(element.dataset.props ?? '');
    const props = JSON.parse(script?.textContent || '{}');
    const { mount } = await islands[name]();
    const cleanUp = await mount(element, props);
    if (cleanUp) element.addEventListener('htmx:beforeCleanupElement', (event) => event.target === element && cleanUp());
    element.dataset.ready = '1';
  } catch (error) {
    console.error(error);
    element.dataset.failed = '1';
    const notice = document.createElement('p');
    notice.className = 'alert alert-danger m-0';
    notice.setAttribute('role', 'alert');
    notice.textContent = say({ zh: '这一部分没能打开，请刷新页面再试。', en: 'This part could not be opened. Reload the page to try again.' });
    element.replaceChildren(notice);
  }
}
