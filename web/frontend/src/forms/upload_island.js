/** What the signature and photo islands share: a label, the widget, and hidden inputs with the attachment ids. */
import { csrfToken } from '../shell/htmx_setup.js';
import { toast } from '../shell/toasts.js';
import { UploadFailed, Uploads } from './uploads.js';
import { say } from '../language.js';

/**
 * @typedef {object} UploadProps
 * @property {string} name of the form field
 * @property {string} label
 * @property {string} attachmentUrl
 * @property {boolean} [required]
 * @property {string[]} [value] attachment ids
 * @property {Record<string, import('./uploads.js').Known>} [attachments]
 */

/**
 * @param {HTMLElement} element
 * @param {UploadProps} props
 * @param {(host: HTMLElement, uploads: Uploads, onChange: (references: string[]) => void) => () => void} build
 */
export function mountUploadIsland(element, props, build) {
  const uploads = new Uploads({ url: props.attachmentUrl, csrf: csrfToken(), known: props.attachments });
  const label = Object.assign(document.createElement('span'), { className: 'form-label', textContent: props.label });
  if (props.required) label.classList.add('required');
  const host = document.createElement('div');
  host.setAttribute('role', 'group');
  host.setAttribute('aria-label', props.label);
  const inputs = document.createElement('div');
  inputs.hidden = true;
  element.replaceChildren(label, host, inputs);

  /** @param {string[]} ids */
  const write = (ids) => {
    const values = ids.length ? ids : [''];
    const hidden = (/** @type {string} */ value) => ({ type: 'hidden', name: props.name, value });
    inputs.replaceChildren(...values.map((value) => Object.assign(document.createElement('input'), hidden(value))));
  };
  write(props.value ?? []);
  return build(host, uploads, async (references) => {
    try {
      write(await uploads.send(references));
    } catch (error) {
      toast(error instanceof UploadFailed ? error.message : say({ zh: '网络不通，没有上传。', en: 'No connection, not uploaded.' }), 'bad');
    }
  });
}
