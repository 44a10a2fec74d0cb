/** The form editor: form-js's board, palette and panel, with our components. */
import { FormEditor } from '@bpmn-io/form-js-editor';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css';
import '@bpmn-io/form-js-editor/dist/assets/properties-panel.css';
import 'form-js-viewer-1/dist/assets/form-js.css';
import { say } from '../../language.js';
import { button } from '../controls.js';
import { Outlines } from '../outlines.js';
import { ownComponentsModule } from './own_components.js';
import { phoneSheets } from './phone_sheets.js';
import { preview } from './preview.js';

export class FormBoard {
  /** @param {HTMLElement} host @param {Record<string, string> | null} words what new components are called, null for English */
  constructor(host, words) {
    this.host = host;
    this.editor = /** @type {any} */ (new FormEditor({ container: host, additionalModules: [ownComponentsModule] }));
    this.outlines = new Outlines((id) => `[data-id="${id}"]`);
    if (words) this.nameInChinese(words);
    phoneSheets(host, this.editor);
  }

  /** @param {Record<string, string>} words */
  nameInChinese(words) {
    this.editor.on('commandStack.formField.add.preExecute', (/** @type {any} */ { context }) => {
      const { formField } = context;
      if (words[formField.label]) formField.label = words[formField.label];
    });
  }

  /** @param {string} content */
  async open(content) {
    await this.editor.importSchema(JSON.parse(content));
  }

  async content() {
    return `${JSON.stringify(this.editor.saveSchema(), null, 2)}\n`;
  }

  /** @param {() => void} onChange */
  watch(onChange) {
    this.editor.on('commandStack.changed', onChange);
  }

  canUndo() {
    return this.editor.get('commandStack').canUndo();
  }

  canRedo() {
    return this.editor.get('commandStack').canRedo();
  }

  undo() {
    this.editor.get('commandStack').undo();
  }

  redo() {
    this.editor.get('commandStack').redo();
  }

  /** @param {import('../checks.js').Finding[]} findings */
  mark(findings) {
    this.outlines.show(findings);
  }

  /** @param {string} id */
  pointAt(id) {
    const field = this.editor.get('formFieldRegistry').get(id);
    if (!field) return;
    this.editor.get('selection').set(field);
    this.host.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'center' });
  }

  /** @param {string} id */
  nameOf(id) {
    const field = this.editor.get('formFieldRegistry').get(id);
    return field?.label || field?.key || id;
  }

  /** @param {HTMLElement} toolbar */
  addTools(toolbar) {
    toolbar.append(button(say({ zh: '预览', en: 'Preview' }), () => void this.preview()));
  }

  async preview() {
    await preview(JSON.parse(await this.content()));
  }

  destroy() {
    this.outlines.stop();
    this.editor.destroy();
  }
}
