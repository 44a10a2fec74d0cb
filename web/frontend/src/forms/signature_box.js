/** A place to sign: by finger, pen or mouse, or by typing one's name. Used inside forms and in plain pages. */
import SignaturePad from 'signature_pad';
import { say } from '../language.js';

const INK = '#12308a';
const TYPED_FONT = '44px "Kaiti SC", "STKaiti", "KaiTi", "Noto Serif CJK SC", cursive';

/**
 * @typedef {object} SignatureOptions
 * @property {string} label for readers of the screen
 * @property {import('./uploads.js').Uploads} uploads
 * @property {(reference: string | null) => void} onChange
 */

export class SignatureBox {
  /**
   * @param {HTMLElement} host
   * @param {SignatureOptions} options
   */
  constructor(host, options) {
    this.host = host;
    this.options = options;
    /** @type {string | null} */
    this.reference = null;
    this.isLocked = false;
    this.shown = make('img', 'ops-signature-shown');
    this.shown.hidden = true;
    this.canvas = make('canvas', 'ops-signature-pad');
    this.hint = make('span', 'ops-signature-hint');
    this.typed = make('input', 'form-control');
    this.clear = make('button', 'btn');
    this.layOut();
    this.pad = new SignaturePad(this.canvas, { penColor: INK, backgroundColor: '#ffffff' });
    this.pad.addEventListener('beginStroke', () => (this.hint.hidden = true));
    this.pad.addEventListener('endStroke', () => this.takePad());
    this.sizes = new ResizeObserver(() => this.fitCanvas());
    this.sizes.observe(this.canvas);
  }

  destroy() {
    this.sizes.disconnect();
    this.pad.off();
  }

  layOut() {
    const { label } = this.options;
    this.host.classList.add('ops-signature');
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', `${label} · ${say({ zh: '在此手写签名', en: 'sign here by hand' })}`);
    this.hint.textContent = say({ zh: '在此签名', en: 'Sign here' });
    this.typed.type = 'text';
    this.typed.maxLength = 40;
    this.typed.placeholder = say({ zh: '或输入姓名代替手写', en: 'or type your name instead' });
    this.typed.setAttribute('aria-label', `${label} · ${this.typed.placeholder}`);
    this.typed.addEventListener('change', () => this.takeTyped());
    this.clear.type = 'button';
    this.clear.textContent = say({ zh: '清除重签', en: 'Clear' });
    this.clear.addEventListener('click', () => this.startAgain());
    const sheet = make('div', 'ops-signature-sheet');
    sheet.append(this.canvas, this.hint, this.shown);
    const row = make('div', 'ops-signature-row');
    row.append(this.typed, this.clear);
    this.host.replaceChildren(sheet, row);
  }

  /**
   * @param {string | null} reference what the form holds now
   * @param {boolean} isLocked
   */
  show(reference, isLocked) {
    if (isLocked !== this.isLocked) this.lock(isLocked);
    if (reference === this.reference) return;
    this.reference = reference;
    const preview = reference ? this.options.uploads.preview(reference) : null;
    this.shown.hidden = !preview;
    if (preview) {
      this.shown.src = preview.url;
      this.shown.alt = preview.name;
    }
    this.hint.hidden = Boolean(reference);
    if (!reference) this.pad.clear();
  }

  /** @param {boolean} isLocked */
  lock(isLocked) {
    this.isLocked = isLocked;
    if (isLocked) this.pad.off();
    else this.pad.on();
    this.typed.hidden = this.clear.hidden = isLocked;
    this.hint.textContent = isLocked ? say({ zh: '没有签名', en: 'Not signed' }) : say({ zh: '在此签名', en: 'Sign here' });
  }

  takePad() {
    this.typed.value = '';
    this.take();
  }

  takeTyped() {
    const name = this.typed.value.trim();
    if (!name) return;
    this.pad.clear();
    const context = this.canvas.getContext('2d');
    if (!context) return;
    context.fillStyle = INK;
    context.font = TYPED_FONT;
    context.textBaseline = 'middle';
    context.fillText(name, 24, this.canvas.offsetHeight / 2);
    this.hint.hidden = true;
    this.take();
  }

  /** Takes what the canvas shows, at once: a submit may follow in the same moment. */
  take() {
    if (this.reference) this.options.uploads.release(this.reference);
    const bytes = Uint8Array.from(atob(this.canvas.toDataURL('image/png').split(',')[1]), (letter) => letter.charCodeAt(0));
    this.reference = this.options.uploads.hold(new Blob([bytes], { type: 'image/png' }), 'signature.png', 'signature');
    this.options.onChange(this.reference);
  }

  startAgain() {
    this.typed.value = '';
    this.reference = null;
    this.shown.hidden = true;
    this.hint.hidden = false;
    this.pad.clear();
    this.options.onChange(null);
  }

  /** Keeps the canvas as sharp as the screen, and the strokes when the phone is turned. */
  fitCanvas() {
    const { offsetWidth, offsetHeight } = this.canvas;
    const density = Math.max(window.devicePixelRatio, 1);
    if (!offsetWidth || this.canvas.width === Math.round(offsetWidth * density)) return;
    const strokes = this.pad.toData();
    this.canvas.width = Math.round(offsetWidth * density);
    this.canvas.height = Math.round(offsetHeight * density);
    this.canvas.getContext('2d')?.scale(density, density);
    this.pad.clear();
    this.pad.fromData(strokes);
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 */
function make(tag, className) {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}
