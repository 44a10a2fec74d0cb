/** One of the two versions of a form: all of its fields, the hidden ones too, with the marks of what differs. */
import { Form } from '@bpmn-io/form-js-viewer';
import { translator, zh } from '../forms/messages.js';
import { openForm } from '../forms/open_form.js';
import { ownFieldsModule } from '../forms/own_fields.js';
import { prepareSchema } from '../forms/schema.js';
import { Uploads } from '../forms/uploads.js';
import { markedFieldsModule } from './marked_fields.js';

/**
 * @param {HTMLElement} parent
 * @param {import('../islands/compare.js').Version} version
 * @param {'before' | 'after'} side
 * @param {Record<string, string> | null} labels Chinese to English; none for words as they are
 */
export async function openFormVersion(parent, version, side, labels) {
  const figure = document.createElement('figure');
  figure.className = `ops-compare-${side}`;
  const title = Object.assign(document.createElement('figcaption'), { textContent: version.title });
  const sheet = Object.assign(document.createElement('div'), { className: 'ops-form-sheet ops-form ops-form-readonly', tabIndex: 0 });
  sheet.setAttribute('role', 'group');
  sheet.setAttribute('aria-label', version.title);
  figure.append(title, sheet);
  parent.append(figure);

  const answer = await fetch(version.url, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${version.url} answered ${answer.status}`);
  const uploads = new Uploads({ url: '', csrf: '', known: {} });
  const translate = { translate: ['value', translator(labels ? null : zh)] };
  const form = new Form({
    container: sheet,
    additionalModules: [ownFieldsModule(uploads), translate, markedFieldsModule(version.marks)],
    properties: { readOnly: true },
  });
  await openForm(form, prepareSchema(shownWhole(await answer.json()), labels), {});
  return { sheet, close: () => form.destroy() };
}

/**
 * Every component gets the id by which the list of changes names it, nothing is hidden, and lists have a row.
 * @param {any} component
 * @param {string} [parent]
 * @returns {any} the same
 */
function shownWhole(component, parent = '') {
  (component.components ?? []).forEach((/** @type {any} */ child, /** @type {number} */ place) => {
    child.id ||= child.key || `${parent}/${place}`;
    delete child.conditional;
    if (child.type === 'dynamiclist') child.defaultRepetitions = 1;
    shownWhole(child, child.id);
  });
  return component;
}
