/** On phones the board has the whole width: components and properties are sheets that come up from below, one at a time. */
import { say } from '../../language.js';
import { button, make } from '../controls.js';

const PHONE = window.matchMedia('(max-width: 767.98px)');

/**
 * @param {HTMLElement} host of the form editor
 * @param {any} editor form-js
 */
export function phoneSheets(host, editor) {
  /** @type {Record<string, HTMLButtonElement>} */
  const buttons = {};
  /** @param {string} name the sheet that is open, empty for none */
  const open = (name) => {
    host.dataset.sheet = name;
    for (const [own, each] of Object.entries(buttons)) each.setAttribute('aria-expanded', String(own === name));
  };
  const toggle = (/** @type {string} */ name) => () => open(host.dataset.sheet === name ? '' : name);
  buttons.palette = button(say({ zh: '＋ 组件', en: '+ Component' }), toggle('palette'));
  buttons.properties = button(say({ zh: '属性', en: 'Properties' }), toggle('properties'));
  host.append(make('div', 'ops-form-sheets', buttons.palette, buttons.properties));
  open('');

  editor.on('selection.changed', (/** @type {any} */ { selection }) => {
    open(selection?._parent ? 'properties' : '');
    if (PHONE.matches && selection?._parent) setTimeout(() => bringIntoView(host, selection.id)); // the sheet takes room first
  });
  host.addEventListener('click', (event) => {
    const entry = event.target instanceof Element ? event.target.closest('.fjs-palette-field') : null;
    if (PHONE.matches && entry instanceof HTMLElement) add(editor, entry.dataset.fieldType ?? '');
  });
}

/** @param {HTMLElement} host @param {string} id */
const bringIntoView = (host, id) => host.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'nearest' });

/**
 * A new component behind the one that is selected, else at the end: there is no room to drag it from the sheet to its place.
 * @param {any} editor
 * @param {string} type
 */
function add(editor, type) {
  const { schema } = editor._getState();
  const chosen = editor.get('selection').get();
  const parent = editor.get('formFieldRegistry').get(chosen?._parent) ?? schema;
  const before = parent.components.findIndex((/** @type {any} */ child) => child.id === chosen?.id);
  editor.get('modeling').addFormField({ type }, parent, before < 0 ? parent.components.length : before + 1);
}
