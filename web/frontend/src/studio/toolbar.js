/** The bar above a modeler: state of the draft, undo and redo, view, checks, export, and the ways to try, compare and publish. */
import { say } from '../language.js';
import { asPng, button, download, link, make } from './controls.js';

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
   * @param {{fileName: string, tryUrl?: string, compareUrl?: string, publishUrl?: string}} parts.ways
   */
  constructor(host, { editor, isReadonly, onUndo, onRedo, onCheck, ways }) {
    this.editor = editor;
    this.fileName = ways.fileName;
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
      ...(ways.tryUrl ? [link(say({ zh: '试运行', en: 'Try it' }), ways.tryUrl)] : []),
      ...(ways.compareUrl ? [link(say({ zh: '比较', en: 'Compare' }), ways.compareUrl)] : []),
      this.exportMenu(),
      ...(ways.publishUrl ? [link(say({ zh: '发布', en: 'Publish' }), ways.publishUrl, 'btn btn-sm btn-primary')] : []),
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

  exportMenu() {
    const menu = make('details', 'ops-studio-menu', make('summary', 'btn btn-sm', say({ zh: '导出', en: 'Export' })));
    const list = make('div', 'ops-studio-menu-list');
    /** @param {string} text @param {() => Promise<void>} does */
    const entry = (text, does) => {
      const onClick = () => {
        menu.open = false;
        void does();
      };
      list.append(button(text, onClick, { className: 'dropdown-item' }));
    };
    entry(say({ zh: '文件', en: 'File' }), () => this.exportFile());
    if (this.editor.picture) {
      entry(say({ zh: 'SVG 图片', en: 'SVG picture' }), () => this.exportPicture('svg'));
      entry(say({ zh: 'PNG 图片', en: 'PNG picture' }), () => this.exportPicture('png'));
    }
    menu.append(list);
    return menu;
  }

  async exportFile() {
    download(new Blob([await this.editor.content()], { type: 'application/octet-stream' }), this.fileName);
  }

  /** @param {'svg' | 'png'} format */
  async exportPicture(format) {
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
