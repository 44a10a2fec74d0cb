/** Undo over the whole file: dmn-js forgets the steps of a view when another one is opened, so every step is kept with its file. */

/** Steps that are kept: the files of a large table are 100 kB each. */
const MOST = 100;

/**
 * @typedef {{content: Promise<string>, view: string | undefined}} Step the file after a change, and the view in which it was made
 * @typedef {object} Board
 * @property {any} commands the command stack of the open view
 * @property {() => Promise<string>} content
 * @property {() => string | undefined} viewId of the open view
 * @property {(content: string, view: string | undefined) => Promise<void>} show
 */

export class Steps {
  /** @param {Board} board */
  constructor(board) {
    this.board = board;
    /** @type {Step[]} */
    this.steps = [];
    this.at = 0;
    this.turn = Promise.resolve();
  }

  /** @param {string} content */
  begin(content) {
    this.steps = [{ content: Promise.resolve(content), view: this.board.viewId() }];
    this.at = 0;
  }

  /** @param {'execute' | 'undo' | 'redo' | 'clear'} trigger what the command stack did */
  follow(trigger) {
    if (trigger === 'undo') this.at -= 1;
    if (trigger === 'redo') this.at += 1;
    if (trigger !== 'execute') return;
    this.steps.splice(this.at + 1, Infinity, { content: this.board.content(), view: this.board.viewId() });
    if (this.steps.length > MOST) this.steps.shift();
    this.at = this.steps.length - 1;
  }

  canUndo() {
    return this.at > 0;
  }

  canRedo() {
    return this.at < this.steps.length - 1;
  }

  undo() {
    return this.inTurn(async () => {
      if (!this.canUndo()) return;
      if (this.board.commands?.canUndo()) this.board.commands.undo();
      else await this.go(this.at - 1, this.steps[this.at].view);
    });
  }

  redo() {
    return this.inTurn(async () => {
      if (!this.canRedo()) return;
      if (this.board.commands?.canRedo()) this.board.commands.redo();
      else await this.go(this.at + 1, this.steps[this.at + 1].view);
    });
  }

  /** @param {number} at @param {string | undefined} view where what is undone or done again can be seen */
  async go(at, view) {
    this.at = at;
    await this.board.show(await this.steps[at].content, view);
  }

  /** One after the other, however fast the keys are pressed. @param {() => Promise<void>} act */
  inTurn(act) {
    this.turn = this.turn.then(act);
    return this.turn;
  }
}
