/** A copy of what was entered, kept in this browser while the server cannot be reached. */
import { withoutTokens } from './uploads.js';

export class LocalCopy {
  /** @param {string} id of the form: where it is submitted to */
  constructor(id) {
    this.key = `opsbook.form.${id}`;
  }

  /** @param {object} values */
  keep(values) {
    localStorage.setItem(this.key, JSON.stringify(withoutTokens(values)));
  }

  /** @returns {Record<string, unknown> | null} */
  read() {
    const text = localStorage.getItem(this.key);
    return text ? JSON.parse(text) : null;
  }

  forget() {
    localStorage.removeItem(this.key);
  }
}
