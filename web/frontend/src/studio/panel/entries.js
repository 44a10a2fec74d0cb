/** The kinds of fields our groups are made of. Each is a plain description; the panel draws it with a component that stays the same. */
import { FeelEntry, Group, SelectEntry, TextFieldEntry } from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import { ChoiceBox } from './choice_box.js';

/**
 * @typedef {object} Value
 * @property {() => string} get
 * @property {(value: string) => void} set
 */

/** @param {any} props */
function FeelBox(props) {
  return FeelEntry({
    ...props,
    getValue: props.value.get,
    setValue: (/** @type {string | undefined} */ value) => props.value.set(value ?? ''),
    debounce: useService('debounceInput'),
    translate: useService('translate'),
  });
}

/** @param {any} props */
function TextBox(props) {
  const setValue = (/** @type {string | undefined} */ value) => props.value.set(value ?? '');
  return TextFieldEntry({ ...props, getValue: props.value.get, setValue, debounce: useService('debounceInput') });
}

/** @param {any} props */
function SelectBox(props) {
  const getOptions = () => props.options;
  return SelectEntry({ ...props, getValue: props.value.get, setValue: props.value.set, getOptions });
}

/**
 * An expression or a literal text; `isExpression` when only expressions make sense.
 * @param {string} id
 * @param {string} label
 * @param {Value} value
 * @param {{variables: object[], isExpression?: boolean, description?: string}} more
 */
export const feel = (id, label, value, { variables, isExpression = false, description }) => ({
  id, label, value, variables, description, feel: isExpression ? 'required' : 'optional',
  component: FeelBox, isEdited: () => Boolean(value.get()),
});

/** @param {string} id @param {string} label @param {Value} value @param {string} [description] */
export const text = (id, label, value, description) => ({
  id, label, value, description, component: TextBox, isEdited: () => Boolean(value.get()),
});

/** @param {string} id @param {string} label @param {Value} value @param {{value: string, label: string}[]} options */
export const select = (id, label, value, options) => ({
  id, label, value, options, component: SelectBox, isEdited: () => Boolean(value.get()),
});

/**
 * One of a list.
 * @param {string} id
 * @param {string} label
 * @param {Value} value
 * @param {import('../choices.js').Option[]} options
 * @param {{description?: string, takesNew?: boolean}} [more]
 */
export const one = (id, label, value, options, more = {}) => ({
  id, label, options, ...more, component: ChoiceBox, isEdited: () => Boolean(value.get()),
  chosen: () => (value.get() ? [value.get()] : []),
  choose: (/** @type {string[]} */ values) => value.set(values[0] ?? ''),
});

/**
 * Several of a list, kept as a comma list.
 * @param {string} id
 * @param {string} label
 * @param {Value} value
 * @param {import('../choices.js').Option[]} options
 * @param {string} [description]
 */
export const several = (id, label, value, options, description) => ({
  id, label, options, description, isMany: true, component: ChoiceBox, isEdited: () => Boolean(value.get()),
  chosen: () => value.get().split(',').map((part) => part.trim()).filter(Boolean),
  choose: (/** @type {string[]} */ values) => value.set(values.join(',')),
});

/** @param {string} id @param {string} label @param {object[]} entries */
export const group = (id, label, entries) => ({ id, label, entries, component: Group, shouldOpen: true });
