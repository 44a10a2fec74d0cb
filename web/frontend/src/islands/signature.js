/** A signature in a plain page: uploaded when drawn, its attachment id goes into a hidden input of the surrounding form. */
import '../styles/form.css';
import { SignatureBox } from '../forms/signature_box.js';
import { mountUploadIsland } from '../forms/upload_island.js';

/**
 * @param {HTMLElement} element
 * @param {import('../forms/upload_island.js').UploadProps} props
 */
export async function mount(element, props) {
  return mountUploadIsland(element, props, (host, uploads, onChange) => {
    const box = new SignatureBox(host, { label: props.label, uploads, onChange: (reference) => onChange(reference ? [reference] : []) });
    box.show(props.value?.[0] ?? null, false);
    return () => box.destroy();
  });
}
