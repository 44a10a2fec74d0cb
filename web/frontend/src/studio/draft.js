/** A draft that saves itself: a moment after the last change, again when the connection is back, never over somebody else's work. */
import { DraftCopy } from './draft_copy.js';
import { readDraft, saveDraft } from './draft_requests.js';

const SAVE_AFTER_MS = 1500;
const AGAIN_AFTER_MS = 10_000;

/** @typedef {'saved' | 'changed' | 'saving' | 'offline' | 'conflict' | 'signed-out' | 'refused'} DraftState */

export class Draft {
  /**
   * @param {string} url of its content
   * @param {string} user whose draft it is
   * @param {(state: DraftState, saved: import('./draft_requests.js').Saved | null) => void} onState
   */
  constructor(url, user, onState) {
    this.url = url;
    this.onState = onState;
    this.copy = new DraftCopy(url, user);
    /** @type {DraftState} */
    this.state = 'saved';
    this.revision = 0;
    this.savedContent = '';
    this.content = '';
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.onOnline = () => void this.save();
    window.addEventListener('online', this.onOnline);
  }

  stop() {
    clearTimeout(this.timer);
    window.removeEventListener('online', this.onOnline);
  }

  /**
   * @returns {Promise<{content: string, unsent: import('./draft_copy.js').Copy | null}>} what the server has, and what this browser
   *   kept because it could not be sent
   */
  async load() {
    const { content, revision } = await readDraft(this.url);
    this.revision = revision;
    this.savedContent = content;
    this.content = content;
    const unsent = this.copy.read();
    if (unsent?.content !== content) return { content, unsent };
    this.copy.forget();
    return { content, unsent: null };
  }

  isUnsaved() {
    return this.content !== this.savedContent;
  }

  /** @param {string} content what the editor holds now */
  change(content) {
    if (content === this.content) return;
    this.content = content;
    if (!this.isUnsaved()) return;
    this.copy.keep(content, this.revision);
    if (this.state === 'conflict') return;
    if (this.state !== 'saving') this.turn('changed', null);
    this.saveLater(SAVE_AFTER_MS);
  }

  /** @param {number} delay in ms */
  saveLater(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), delay);
  }

  async save() {
    clearTimeout(this.timer);
    if (!this.isUnsaved() || this.state === 'saving' || this.state === 'conflict') return;
    const sent = this.content;
    this.turn('saving', null);
    const saved = await saveDraft(this.url, sent, this.revision);
    if (saved.kind === 'saved') this.settle(sent, saved);
    else this.turn(saved.kind, saved);
    if (saved.kind === 'offline') this.saveLater(AGAIN_AFTER_MS);
  }

  /** @param {string} sent @param {import('./draft_requests.js').Saved} saved */
  settle(sent, saved) {
    this.revision = saved.revision;
    this.savedContent = sent;
    if (this.isUnsaved()) {
      this.copy.keep(this.content, this.revision);
      this.saveLater(SAVE_AFTER_MS);
    } else {
      this.copy.forget();
    }
    this.turn(this.isUnsaved() ? 'changed' : 'saved', saved);
  }

  /**
   * Saves over what is on the server: the person has seen both and chose.
   * @param {number} revision the one that is overwritten
   */
  async overwrite(revision) {
    this.revision = revision;
    this.turn('changed', null);
    await this.save();
  }

  /** Gives up what is here for what the server has. */
  async takeTheirs() {
    this.copy.forget();
    this.turn('saved', null);
    return (await this.load()).content;
  }

  /** @param {DraftState} state @param {import('./draft_requests.js').Saved | null} saved */
  turn(state, saved) {
    this.state = state;
    this.onState(state, saved);
  }
}
