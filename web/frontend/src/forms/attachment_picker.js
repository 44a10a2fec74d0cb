/** Photos or files: taken or chosen, shown as thumbnails, removable. Used inside forms and in plain pages. */
import { say } from '../language.js';
import { downscale } from './downscale.js';

/**
 * @typedef {object} PickerOptions
 * @property {'photo' | 'file'} kind
 * @property {string} label for readers of the screen
 * @property {string} inputId
 * @property {boolean} [multiple]
 * @property {string} [accept]
 * @property {import('./uploads.js').Uploads} uploads
 * @property {(references: string[]) => void} onChange
 */

const CAMERA = '<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true">'
  + '<path d="M4 8h3l2-3h6l2 3h3v11H4z"/><circle cx="12" cy="13" r="3.5"/></svg>';
const CLIP = '<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true">'
  + '<path d="M15 7l-6.5 6.5a2 2 0 0 0 3 3L18 10a4 4 0 0 0-6-6l-6.5 6.5a6 6 0 0 0 8.5 8.5L20 13"/></svg>';

export class AttachmentPicker {
  /**
   * @param {HTMLElement} host
   * @param {PickerOptions} options
   */
  constructor(host, options) {
    this.host = host;
    this.options = options;
    /** @type {string[]} */
    this.references = [];
    this.isLocked = false;
    this.draw();
  }

  draw() {
    const isPhoto = this.options.kind === 'photo';
    this.host.classList.add('ops-picker');
    this.input = document.createElement('input');
    this.input.type = 'file';
    this.input.id = this.options.inputId;
    this.input.className = 'visually-hidden';
    this.input.multiple = this.options.multiple ?? true;
    this.input.accept = this.options.accept ?? (isPhoto ? 'image/*' : '');
    this.input.setAttribute('aria-label', this.options.label);
    this.input.addEventListener('change', () => this.take());
    this.button = document.createElement('button');
    this.button.type = 'button';
    this.button.className = 'btn ops-picker-button';
    this.button.innerHTML = isPhoto ? CAMERA : CLIP;
    this.button.append(say(isPhoto ? { zh: '拍照 / 选择图片', en: 'Take or choose photos' } : { zh: '选择文件', en: 'Choose files' }));
    this.button.addEventListener('click', () => this.input?.click());
    this.list = document.createElement('ul');
    this.list.className = 'ops-picker-list';
    this.host.replaceChildren(this.list, this.input, this.button);
  }

  /**
   * @param {string[]} references what the form holds now
   * @param {boolean} isLocked
   */
  show(references, isLocked) {
    const hasChanged = isLocked !== this.isLocked || references.join() !== this.references.join();
    this.references = references;
    this.isLocked = isLocked;
    if (this.button && this.input) this.button.hidden = this.input.disabled = isLocked;
    this.host.classList.toggle('ops-picker-none', isLocked && !references.length);
    if (hasChanged) this.drawList();
  }

  async take() {
    const files = [...(this.input?.files ?? [])];
    if (this.input) this.input.value = '';
    if (!files.length) return;
    this.button?.setAttribute('aria-busy', 'true');
    const { kind, uploads } = this.options;
    /** @type {string[]} */
    const added = [];
    for (const file of files) {
      const blob = kind === 'photo' ? await downscale(file) : file;
      const name = blob.type === 'image/jpeg' && kind === 'photo' ? file.name.replace(/\.\w+$/, '') + '.jpg' : file.name;
      added.push(uploads.hold(blob, name, kind));
    }
    this.button?.removeAttribute('aria-busy');
    const kept = this.input?.multiple ? this.references : [];
    this.change([...kept, ...added]);
  }

  /** @param {string} reference */
  remove(reference) {
    this.options.uploads.release(reference);
    this.change(this.references.filter((other) => other !== reference));
    this.button?.focus();
  }

  /** @param {string[]} references */
  change(references) {
    this.references = references;
    this.drawList();
    this.options.onChange(references);
  }

  drawList() {
    this.list?.replaceChildren(...this.references.map((reference) => this.item(reference)));
  }

  /** @param {string} reference */
  item(reference) {
    const preview = this.options.uploads.preview(reference) ?? { name: reference, url: '', isPicture: false };
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = preview.url;
    link.target = '_blank';
    link.rel = 'noopener';
    link.title = preview.name;
    if (preview.isPicture) {
      const picture = document.createElement('img');
      picture.src = preview.url;
      picture.alt = preview.name;
      link.append(picture);
    } else {
      link.className = 'ops-picker-file';
      link.textContent = preview.name;
    }
    item.append(link);
    if (!this.isLocked) item.append(this.removal(reference, preview.name));
    return item;
  }

  /** @param {string} reference @param {string} name */
  removal(reference, name) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'ops-picker-remove';
    button.textContent = '×';
    button.setAttribute('aria-label', say({ zh: `移除 ${name}`, en: `Remove ${name}` }));
    button.addEventListener('click', () => this.remove(reference));
    return button;
  }
}
