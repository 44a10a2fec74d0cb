/** The bar above a modeler: undo and redo, view, state of the draft, checks, and the drawing as a picture. */
import { say } from '../language.js';
import { asPng, button, download, make } from './controls.js';

/** @typedef {import('./workbench.js').Editor} Editor */

export class Toolbar {
  /**
   * @param {HTMLElement} host
   * @param {object} parts
   * @param {Editor} parts.editor
   * @param {boolean} parts.isReadonly
   * @param {() => void} parts.onUndo
   * @param {() => void} parts.onRedo
   * @param {() => void} parts.onCheck
   * @param {string} parts.fileName
   */
  constructor(host, { editor, isReadonly, onUndo, onRedo, onCheck, fileName }) {
    this.editor = editor;
    this.fileName = fileName;
    this.state = make('span', 'ops-studio-state');
    this.state.setAttribute('role', 'status');
    this.undo = sign('↶', say({ zh: '撤销（Ctrl+Z）', en: 'Undo (Ctrl+Z)' }), onUndo);
    this.redo = sign('↷', say({ zh: '重做（Ctrl+Y）', en: 'Redo (Ctrl+Y)' }), onRedo);
    this.tools = make('span', 'ops-studio-tools');
    this.element = make('div', 'ops-studio-toolbar');
    this.element.setAttribute('role', 'toolbar');
    this.element.setAttribute('aria-label', say({ zh: '编辑工具', en: 'Editing tools' }));
    if (!isReadonly) this.element.append(this.undo, this.redo);
    if (editor.view) this.element.append(...viewButtons(editor.view));
    this.element.append(
      this.tools,
      this.state,
      button(say({ zh: '检查', en: 'Check' }), onCheck),
      ...(editor.picture ? [this.pictureMenu()] : []),
    );
    host.append(this.element);
  }

  /** @param {string} text @param {'good' | 'info' | 'warn' | 'bad' | 'quiet'} tone */
  say(text, tone) {
    this.state.textContent = text;
    this.state.className = `ops-studio-state ops-tone-${tone}`;
  }

  /** @param {boolean} canUndo @param {boolean} canRedo */
  offer(canUndo, canRedo) {
    this.undo.disabled = !canUndo;
    this.redo.disabled = !canRedo;
  }

  pictureMenu() {
    const menu = make('details', 'ops-studio-menu', make('summary', 'btn btn-sm', say({ zh: '存为图片', en: 'Save picture' })));
    const list = make('div', 'ops-studio-menu-list');
    for (const format of /** @type {const} */ (['svg', 'png'])) {
      const onClick = () => {
        menu.open = false;
        void this.savePicture(format);
      };
      list.append(button(format.toUpperCase(), onClick, { className: 'dropdown-item' }));
    }
    menu.append(list);
    return menu;
  }

  /** What is on the board, whether or not the server has it. */
  async saveFile() {
    download(new Blob([await this.editor.content()], { type: 'application/octet-stream' }), this.fileName);
  }

  /** @param {'svg' | 'png'} format */
  async savePicture(format) {
    const svg = await this.editor.picture?.();
    if (!svg) return;
    const picture = format === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await asPng(svg);
    download(picture, this.fileName.replace(/\.\w+$/, `.${format}`));
  }
}

/** @param {NonNullable<Editor['view']>} view */
function viewButtons({ zoomBy, fit }) {
  return [
    sign('＋', say({ zh: '放大', en: 'Zoom in' }), () => zoomBy(1.25)),
    sign('－', say({ zh: '缩小', en: 'Zoom out' }), () => zoomBy(0.8)),
    sign('⤢', say({ zh: '显示全图', en: 'Whole drawing' }), fit),
  ];
}

/** @param {string} mark @param {string} title @param {() => void} onClick */
const sign = (mark, title, onClick) => button(mark, onClick, { className: 'btn btn-sm btn-icon', title });
