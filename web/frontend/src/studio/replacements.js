/** Undo across replacements of the whole content: a repair by the server and a taken-over version can be undone like any step. */

/** @typedef {import('./workbench.js').Editor} Editor */

export class Replacements {
  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    /** @type {string[]} */
    this.before = [];
    /** @type {string[]} */
    this.after = [];
  }

  /** @param {string} content */
  async replace(content) {
    this.before.push(await this.editor.content());
    this.after = [];
    await this.editor.open(content);
  }

  canUndo() {
    return this.editor.canUndo() || this.before.length > 0;
  }

  canRedo() {
    return this.editor.canRedo() || this.after.length > 0;
  }

  async undo() {
    if (this.editor.canUndo()) await this.editor.undo();
    else await this.swap(this.before, this.after);
  }

  async redo() {
    if (this.editor.canRedo()) await this.editor.redo();
    else await this.swap(this.after, this.before);
  }

  /** @param {string[]} from @param {string[]} to */
  async swap(from, to) {
    const content = from.pop();
    if (content === undefined) return;
    to.push(await this.editor.content());
    await this.editor.open(content);
  }
}
