/** Our own form-js components: `signature`, `photo`, and a `filepicker` whose values are attachment ids. */
import { Description, Errors, FormContext, Label } from '@bpmn-io/form-js-viewer';
import { h } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import { AttachmentPicker } from './attachment_picker.js';
import { SignatureBox } from './signature_box.js';

/** @param {any} props */
function Signature(props) {
  return embed(props, 'signature', (host, uploads, change) => {
    const box = new SignatureBox(host, { label: props.field.label ?? '', uploads, onChange: change });
    return { show: (value, isLocked) => box.show(value ?? null, isLocked), destroy: () => box.destroy() };
  });
}

/** @param {'photo' | 'file'} kind @param {string} type */
function pickerField(kind, type) {
  return (/** @type {any} */ props) =>
    embed(props, type, (host, uploads, change) => {
      const { label = '', multiple = true, accept } = props.field;
      const options = { kind, label, multiple: multiple !== false, accept: accept || undefined, inputId: `${props.domId}-input` };
      const picker = new AttachmentPicker(host, { ...options, uploads, onChange: change });
      return { show: (value, isLocked) => picker.show(Array.isArray(value) ? value : [], isLocked), destroy: () => {} };
    });
}

/** @typedef {{show: (value: any, isLocked: boolean) => void, destroy: () => void}} Widget */

/**
 * A form-js field around a plain DOM widget.
 * @param {any} props what form-js gives a field
 * @param {string} type
 * @param {(host: HTMLElement, uploads: any, change: (value: any) => void) => Widget} build
 */
function embed(props, type, build) {
  const { field, domId, errors = [], disabled, readonly, value } = props;
  const { getService } = useContext(/** @type {any} */ (FormContext));
  const host = useRef(/** @type {HTMLElement | null} */ (null));
  const widget = useRef(/** @type {Widget | null} */ (null));
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    if (!host.current) return undefined;
    widget.current = build(host.current, getService('uploads'), (changed) => latest.current.onChange({ value: changed }));
    return () => widget.current?.destroy();
  }, []);
  useEffect(() => widget.current?.show(value, Boolean(disabled || readonly)));

  const labelId = `${domId}-label`;
  const describedBy = `${domId}-description ${domId}-error-message`;
  const group = { role: 'group', 'aria-labelledby': labelId, 'aria-describedby': describedBy };
  return h('div', { class: `fjs-form-field fjs-form-field-${type}${errors.length ? ' fjs-has-errors' : ''}` }, [
    h(/** @type {any} */ (Label), { id: labelId, label: field.label, required: field.validate?.required }),
    h('div', { ...group, ref: host, id: domId }),
    h(/** @type {any} */ (Description), { id: `${domId}-description`, description: field.description }),
    h(/** @type {any} */ (Errors), { id: `${domId}-error-message`, errors }),
  ]);
}

/** @param {any} component @param {string} type @param {string} name @param {unknown} emptyValue */
function register(component, type, name, emptyValue) {
  component.config = {
    type,
    keyed: true,
    name,
    label: name,
    group: 'basic-input',
    emptyValue,
    sanitizeValue: (/** @type {any} */ { value }) => value ?? emptyValue,
    create: (/** @type {object} */ options = {}) => ({ ...options }),
  };
  return component;
}

const components = [
  register(Signature, 'signature', '签名', null),
  register(pickerField('photo', 'photo'), 'photo', '照片', []),
  register(pickerField('file', 'filepicker'), 'filepicker', '文件', []),
];

class OwnFields {
  /** @param {any} formFields */
  constructor(formFields) {
    for (const component of components) formFields.register(component.config.type, component);
  }
}
/** @type {any} */ (OwnFields).$inject = ['formFields'];

/**
 * The form-js module with our components.
 * @param {import('./uploads.js').Uploads} uploads
 */
export const ownFieldsModule = (uploads) => ({
  __init__: ['ownFields'],
  ownFields: ['type', OwnFields],
  uploads: ['value', uploads],
});
