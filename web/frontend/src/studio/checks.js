/** The server's checks of what is being drawn: asked a moment after a change, the newest question only. */
import { csrfToken } from '../shell/htmx_setup.js';

const ASK_AFTER_MS = 250;

/** @typedef {import('../language.js').Bilingual} Bilingual */

/**
 * @typedef {object} Finding
 * @property {string | null} elementId
 * @property {string | null} fieldPath
 * @property {'error' | 'warning' | 'info'} severity
 * @property {string} code
 * @property {Bilingual} message
 * @property {Bilingual | null} advice
 * @property {{id: string, label: Bilingual} | null} fix
 */

export class Checks {
  /**
   * @param {string} url
   * @param {(findings: Finding[]) => void} onFindings
   */
  constructor(url, onFindings) {
    this.url = url;
    this.onFindings = onFindings;
    this.asked = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  stop() {
    clearTimeout(this.timer);
    this.asked.abort();
  }

  /** @param {string} content */
  askSoon(content) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(content), ASK_AFTER_MS);
  }

  /** @param {string} content */
  async ask(content) {
    this.stop();
    this.asked = new AbortController();
    const answer = await post(this.url, content, this.asked.signal);
    if (answer) this.onFindings(answer.findings);
  }

  /**
   * @param {string} content
   * @param {string} fix id of the repair
   * @returns {Promise<string | null>} the content repaired, null when the repair does not fit any more
   */
  async repair(content, fix) {
    const mark = this.url.includes('?') ? '&' : '?';
    return (await post(`${this.url}${mark}fix=${encodeURIComponent(fix)}`, content))?.content ?? null;
  }
}

/**
 * @param {string} url
 * @param {string} content
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>} null without an answer: the next change asks again
 */
async function post(url, content, signal) {
  const headers = {
    'Content-Type': content.startsWith('{') ? 'application/json' : 'application/xml',
    Accept: 'application/json',
    'X-CSRFToken': csrfToken(),
  };
  const answer = await fetch(url, { method: 'POST', credentials: 'same-origin', headers, body: content, signal }).catch(() => null);
  return answer?.ok ? answer.json() : null;
}
