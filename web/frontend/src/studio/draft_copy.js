/** What was changed and is not on the server yet, kept in this browser: nothing is lost with the connection or the tab. */

/** @typedef {{content: string, revision: number, at: string}} Copy */

export class DraftCopy {
  /**
   * @param {string} url of the draft's content; what it begins from, in the query, makes no difference
   * @param {string} user whose draft it is: several people may share a browser
   */
  constructor(url, user) {
    this.key = `opsbook.draft.${user}.${url.split('?')[0]}`;
  }

  /**
   * @param {string} content
   * @param {number} revision the one on the server that the content was made from
   * @returns {boolean} false when the browser has no room left
   */
  keep(content, revision) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ content, revision, at: new Date().toISOString() }));
      return true;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return false;
    }
  }

  /** @returns {Copy | null} */
  read() {
    const text = localStorage.getItem(this.key);
    return text ? JSON.parse(text) : null;
  }

  forget() {
    localStorage.removeItem(this.key);
  }
}
