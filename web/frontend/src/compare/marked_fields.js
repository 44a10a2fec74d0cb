/** A form-js module: every component is drawn in a box that names it, so that it can be marked and found. */
import { h } from 'preact';

/** @param {Record<string, import('../islands/compare.js').Mark>} marks what differs, by the component's id */
export function markedFieldsModule(marks) {
  class MarkedFields {
    static $inject = ['formFields'];

    /** @param {any} formFields */
    constructor(formFields) {
      for (const [type, component] of Object.entries(formFields._formFields)) formFields.register(type, boxed(component));
    }
  }
  /** @param {any} component */
  const boxed = (component) => {
    const draw = (/** @type {any} */ props) => {
      const mark = marks[props.field.id];
      return h('div', { class: mark ? `ops-field ops-differs-${mark}` : 'ops-field', 'data-field': props.field.id }, h(component, props));
    };
    return Object.assign(draw, { config: component.config });
  };
  return { __init__: ['markedFields'], markedFields: ['type', MarkedFields] };
}
