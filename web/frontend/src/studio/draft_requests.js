/** The requests of a draft: read its content, save it, and what the answers mean. */
import { say } from '../language.js';
import { csrfToken } from '../shell/htmx_setup.js';

/**
 * @typedef {object} Saved
 * @property {'saved' | 'conflict' | 'offline' | 'signed-out' | 'refused'} kind
 * @property {number} revision the one on the server now
 * @property {string} savedAt
 * @property {string} message for people, in their language
 * @property {string} copyUrl where the server keeps what it did not take
 */

/**
 * @param {string} url
 * @returns {Promise<{content: string, revision: number}>}
 * @throws {Error} when the server does not give it
 */
export async function readDraft(url) {
  const answer = await fetch(url, { credentials: 'same-origin', cache: 'no-store' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return { content: await answer.text(), revision: revisionOf(answer) };
}

/**
 * @param {string} url
 * @param {string} content
 * @param {number} revision the one that the content was made from
 * @returns {Promise<Saved>} never throws for network trouble
 */
export async function saveDraft(url, content, revision) {
  let answer;
  try {
    answer = await fetch(url, {
      method: 'PUT',
      credentials: 'same-origin',
      headers: {
        'Content-Type': content.startsWith('{') ? 'application/json' : 'application/xml',
        Accept: 'application/json',
        'X-CSRFToken': csrfToken(),
        'If-Match': `"${revision}"`,
      },
      body: content,
    });
  } catch {
    return { kind: 'offline', revision, savedAt: '', message: '', copyUrl: '' };
  }
  const said = await answer.json().catch(() => ({}));
  const kind = kindOf(answer);
  return {
    kind,
    revision: said.revision ?? revision,
    savedAt: said.savedAt ?? '',
    message: say(said.message) || standardMessage(kind, answer.status),
    copyUrl: said.copyUrl ?? '',
  };
}

/** @param {Response} answer @returns {Saved['kind']} */
function kindOf(answer) {
  if (answer.redirected || answer.status === 401) return 'signed-out';
  if (answer.ok) return 'saved';
  if (answer.status >= 502 && answer.status <= 504) return 'offline';
  return answer.status === 409 ? 'conflict' : 'refused';
}

/** @param {Saved['kind']} kind @param {number} status */
function standardMessage(kind, status) {
  if (kind === 'conflict') return say({ zh: '另一处先保存了这份草稿。', en: 'This draft was saved somewhere else first.' });
  if (kind === 'signed-out') return say({ zh: '登录已过期，请重新登录。', en: 'You are signed out. Sign in again.' });
  if (kind === 'refused') return say({ zh: `服务器没有接受（${status}）。`, en: `The server did not accept it (${status}).` });
  return '';
}

/** @param {Response} answer */
const revisionOf = (answer) => Number(/\d+/.exec(answer.headers.get('ETag') ?? '')?.[0] ?? 0);
