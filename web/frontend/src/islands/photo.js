/** Photos in a plain page: uploaded when taken, their attachment ids go into hidden inputs of the surrounding form. */
import '../styles/form.css';
import { AttachmentPicker } from '../forms/attachment_picker.js';
import { mountUploadIsland } from '../forms/upload_island.js';

/**
 * @param {HTMLElement} element
 * @param {import('../forms/upload_island.js').UploadProps} props
 */
export async function mount(element, props) {
  return mountUploadIsland(element, props, (host, uploads, onChange) => {
    const picker = new AttachmentPicker(host, { kind: 'photo', label: props.label, inputId: `${props.name}-input`, uploads, onChange });
    picker.show(props.value ?? [], false);
    return () => {};
  });
}
