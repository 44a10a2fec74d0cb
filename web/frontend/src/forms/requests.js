/** The requests of a form: submit and save the draft, with what the answer means. */
import { say } from '../language.js';

/** @typedef {import('../language.js').Bilingual} Bilingual */

/**
 * @typedef {object} Outcome
 * @property {'done' | 'fields' | 'conflict' | 'signed-out' | 'refused' | 'offline'} kind
 * @property {string} message for people, in their language
 * @property {Record<string, string>} fields path of the field to what is wrong with it
 * @property {string} [redirect]
 */

/**
 * @param {'POST' | 'PUT'} method
 * @param {string} url
 * @param {object} values
 * @param {Record<string, string>} headers
 * @returns {Promise<Outcome>} never throws for network trouble
 */
export async function send(method, url, values, headers) {
  let answer;
  try {
    answer = await fetch(url, {
      method,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
      body: JSON.stringify({ data: values }),
      credentials: 'same-origin',
    });
  } catch {
    const message = say({ zh: '网络不通。填写的内容已保存在这台设备上。', en: 'No connection. What you entered is kept on this device.' });
    return { kind: 'offline', message, fields: {} };
  }
  const content = await answer.json().catch(() => ({}));
  const fields = Object.fromEntries(
    Object.entries(/** @type {Record<string, Bilingual>} */ (content.fields ?? {})).map(([path, text]) => [path, say(text)]),
  );
  const kind = kindOf(answer, fields);
  return { kind, message: say(content.message) || standardMessage(kind, answer.status), fields, redirect: content.redirect };
}

/**
 * @param {Response} answer
 * @param {Record<string, string>} fields
 * @returns {Outcome['kind']}
 */
function kindOf(answer, fields) {
  if (answer.redirected || answer.status === 401) return 'signed-out';
  if (answer.ok) return 'done';
  if (answer.status === 422 && Object.keys(fields).length) return 'fields';
  return answer.status === 409 ? 'conflict' : 'refused';
}

/**
 * @param {Outcome['kind']} kind
 * @param {number} status
 */
function standardMessage(kind, status) {
  if (kind === 'done') return '';
  if (kind === 'fields') return say({ zh: '有内容需要修改，见标红的栏目。', en: 'Some fields need a change, see the marked ones.' });
  if (kind === 'conflict') return say({ zh: '这个任务已被别人处理或改动。', en: 'Somebody else has handled or changed this task.' });
  if (kind === 'signed-out') return say({ zh: '登录已过期，请重新登录后再提交。', en: 'You are signed out. Sign in again, then submit.' });
  return say({ zh: `服务器没有接受（${status}）。`, en: `The server did not accept it (${status}).` });
}

/** The key of one content: repeating the same content repeats the key, so that it is never applied twice. */
export class IdempotencyKey {
  constructor() {
    this.content = '';
    this.key = '';
  }

  /** @param {object} values @returns {string} */
  of(values) {
    const content = JSON.stringify(values);
    if (content !== this.content) {
      this.content = content;
      this.key = crypto.randomUUID();
    }
    return this.key;
  }
}
