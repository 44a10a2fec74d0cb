/** Our components in the form editor: how they look on the drawing board, and their entry `required` in the panel.
 *
 * The editor has a preact of its own: what goes into it is plain vnodes, without hooks and without components of another copy.
 */
import { h } from 'preact';
import { say } from '../../language.js';

const PEN = '<path d="M12 40l4-12 20-20 8 8-20 20z"/><path d="M10 46h34"/>';
const CAMERA = '<path d="M9 18h9l4-6h10l4 6h9v24H9z"/><circle cx="27" cy="29" r="8"/>';

/** @param {string} lines @param {number} size */
const drawn = (lines, size) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 54 54" fill="none" stroke="currentColor"`
  + ` stroke-width="2">${lines}</svg>`;

/**
 * @param {string} type
 * @param {string} name
 * @param {string} lines of its picture
 * @param {unknown} emptyValue
 */
function component(type, name, lines, emptyValue) {
  const picture = (/** @type {number} */ size) => h('span', { dangerouslySetInnerHTML: { __html: drawn(lines, size) } });

  /** @param {any} props */
  function OnBoard({ field, domId }) {
    return h('div', { class: `fjs-form-field fjs-form-field-${type}` }, [
      h('label', { class: 'fjs-form-field-label', for: domId }, [
        field.label, field.validate?.required ? h('span', { class: 'fjs-asterix', 'aria-hidden': true }, '*') : null,
      ]),
      h('div', { class: 'ops-own-component', id: domId }, [picture(28), h('span', {}, name)]),
      field.description ? h('div', { class: 'fjs-form-field-description' }, field.description) : null,
    ]);
  }
  OnBoard.config = {
    type,
    keyed: true,
    name,
    label: name,
    group: 'basic-input',
    emptyValue,
    icon: () => picture(54),
    iconUrl: `data:image/svg+xml,${encodeURIComponent(drawn(lines, 54))}`,
    sanitizeValue: (/** @type {any} */ { value }) => value ?? emptyValue,
    create: (/** @type {object} */ options = {}) => ({ label: name, ...options }),
    propertiesPanelEntries: ['key', 'label', 'description', 'disabled', 'readonly'],
  };
  return OnBoard;
}

const components = () => [
  component('signature', say({ zh: '签名', en: 'Signature' }), PEN, null),
  component('photo', say({ zh: '照片', en: 'Photos' }), CAMERA, []),
];

class OwnComponents {
  /** @param {any} formFields @param {any} propertiesPanel */
  constructor(formFields, propertiesPanel) {
    this.made = components();
    for (const made of this.made) formFields.register(made.config.type, made);
    propertiesPanel.registerProvider(this, 500);
  }

  /** @param {any} field @param {any} editField */
  getGroups(field, editField) {
    return (/** @type {any[]} */ groups) => {
      if (!this.made.some(({ config }) => config.type === field.type)) return groups;
      const entries = [requiredEntry(field, editField)];
      return [...groups, { id: 'validation', label: 'Validation', entries }];
    };
  }
}
/** @type {any} */ (OwnComponents).$inject = ['formFields', 'propertiesPanel'];

/** @param {any} field @param {any} editField */
function requiredEntry(field, editField) {
  const isRequired = Boolean(field.validate?.required);
  const onChange = (/** @type {any} */ { target }) => {
    editField(field, 'validate', { ...field.validate, required: target.checked || undefined });
  };
  const id = 'ops-required';
  const Required = () => h('div', { class: 'bio-properties-panel-entry bio-properties-panel-checkbox-entry', 'data-entry-id': id }, [
    h('div', { class: 'bio-properties-panel-checkbox' }, [
      h('input', { type: 'checkbox', id, class: 'bio-properties-panel-input', checked: isRequired, onChange }),
      h('label', { for: id, class: 'bio-properties-panel-label' }, 'Required'),
    ]),
  ]);
  return { id, component: Required, isEdited: () => isRequired };
}

export const ownComponentsModule = { __init__: ['ownComponents'], ownComponents: ['type', OwnComponents] };
