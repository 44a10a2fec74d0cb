/** The bar below a form: submit, save the draft, and whether everything is saved. */
import { say } from '../language.js';

export class ActionBar {
  /**
   * @param {HTMLElement} host
   * @param {{submitLabel: string, onSubmit: () => void, onDraft: (() => void) | null}} options
   */
  constructor(host, { submitLabel, onSubmit, onDraft }) {
    this.element = document.createElement('div');
    this.element.className = 'ops-action-bar';
    this.status = Object.assign(document.createElement('span'), { className: 'ops-action-status' });
    this.status.setAttribute('role', 'status');
    this.submit = button('btn btn-primary', submitLabel, onSubmit);
    this.submit.title = say({ zh: 'Ctrl + Enter 提交', en: 'Ctrl + Enter submits' });
    this.draft = onDraft ? button('btn', say({ zh: '暂存', en: 'Save draft' }), onDraft) : null;
    this.element.append(this.status, ...(this.draft ? [this.draft] : []), this.submit);
    host.append(this.element);
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.submit.disabled = isBusy;
    this.submit.classList.toggle('btn-loading', isBusy);
    if (this.draft) this.draft.disabled = isBusy;
  }
}

/** @param {string} className @param {string} text @param {() => void} onClick */
function button(className, text, onClick) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.textContent = text;
  made.addEventListener('click', onClick);
  return made;
}
