/** What an owner chooses from instead of typing: fetched once, each with its title in the reader's language. */
import { say } from '../language.js';

/** @typedef {import('../language.js').Bilingual} Bilingual */

/**
 * @typedef {object} Option
 * @property {string} value what the file says
 * @property {string} title what people read
 * @property {string} [text] more to search in and to read
 */

/**
 * @typedef {object} HandlerInput
 * @property {string} name
 * @property {Bilingual} title
 * @property {Bilingual} [description]
 * @property {string} type
 * @property {boolean} required
 * @property {{value: string, label: Bilingual}[] | null} options
 */

/**
 * @typedef {object} HandlerChoice
 * @property {string} topic
 * @property {Bilingual} title
 * @property {Bilingual} [description]
 * @property {HandlerInput[]} inputs
 * @property {{name: string, title: Bilingual}[]} outputs
 * @property {{code: string, title: Bilingual}[]} errors
 */

/**
 * @typedef {'handlers' | 'roles' | 'users' | 'forms' | 'decisions' | 'processes' | 'messages' | 'errors' | 'clauses' | 'guidance'
 *   | 'parameters'} ListName
 */

export class Choices {
  /** @param {Record<string, any[]>} lists as the server gives them */
  constructor(lists) {
    this.lists = lists;
    this.handlers = /** @type {HandlerChoice[]} */ (lists.handlers ?? []);
  }

  /** @param {string} url */
  static async fetch(url) {
    const answer = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    return new Choices(await answer.json());
  }

  /**
   * @param {ListName} list
   * @returns {Option[]}
   */
  options(list) {
    return (this.lists[list] ?? []).map((entry) => ({
      value: entry.topic ?? entry.group ?? entry.name ?? entry.id ?? entry.code,
      title: say(entry.title ?? entry.label) || (entry.name ?? entry.id ?? entry.code ?? ''),
      text: list === 'parameters' ? inUnits(entry) : say(entry.text ?? entry.description),
    }));
  }

  /** @param {string} topic */
  handler(topic) {
    return this.handlers.find((entry) => entry.topic === topic) ?? null;
  }

  /** Names for expressions, as the FEEL editor completes them: parameters, variables of the process, working time. */
  variables() {
    const parameters = this.options('parameters').map(({ value, title, text }) => ({ name: value, detail: title, info: text }));
    const names = /** @type {string[]} */ (this.lists.variables ?? []);
    return [
      { name: 'parameters', detail: say({ zh: '参数', en: 'Parameters' }), entries: parameters },
      ...names.map((name) => ({ name })),
      ...['business_key', 'instance_id', 'initiator'].map((name) => ({ name })),
      { name: 'working days', type: 'function', params: [{ name: 'from' }, { name: 'n' }] },
      { name: 'working time', type: 'function', params: [{ name: 'from' }, { name: 'duration' }] },
    ];
  }
}

/** @param {{value?: unknown, unit?: unknown}} parameter */
function inUnits({ value, unit }) {
  const words = typeof unit === 'object' ? say(/** @type {any} */ (unit)) : unit;
  const plain = value !== null && typeof value === 'object' ? JSON.stringify(value) : value;
  return [plain, words].filter((part) => part !== null && part !== undefined && part !== '').join(' ');
}
