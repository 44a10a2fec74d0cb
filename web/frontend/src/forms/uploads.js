/**
 * Files that a form holds but has not sent yet. A new file is a local token in the form's values; sending uploads the files and
 * gives the values with attachment ids instead of tokens. A file is uploaded once, however often the form is sent.
 */
import { say } from '../language.js';

/** @typedef {'photo' | 'signature' | 'file'} Kind */
/** @typedef {{name: string, url: string, isPicture: boolean}} Preview */
/** @typedef {{name: string, url: string, content_type?: string}} Known */

const TOKEN = /^local:/;

export class Uploads {
  /**
   * @param {{url: string, csrf: string, known?: Record<string, Known>}} options `known`: attachments that the values name already
   */
  constructor({ url, csrf, known = {} }) {
    this.url = url;
    this.csrf = csrf;
    this.known = known;
    /** @type {Map<string, {blob: Blob, name: string, kind: Kind, preview: string}>} */
    this.held = new Map();
    /** @type {Map<string, string>} token to attachment id */
    this.sent = new Map();
  }

  /**
   * @param {Blob} blob
   * @param {string} name
   * @param {Kind} kind
   * @returns {string} the token to put into the form's values
   */
  hold(blob, name, kind) {
    const token = `local:${crypto.randomUUID()}`;
    this.held.set(token, { blob, name, kind, preview: URL.createObjectURL(blob) });
    return token;
  }

  /** @param {string} token */
  release(token) {
    const file = this.held.get(token);
    if (file) URL.revokeObjectURL(file.preview);
    this.held.delete(token);
  }

  /**
   * @param {string} reference a token or an attachment id
   * @returns {Preview | null}
   */
  preview(reference) {
    const file = this.held.get(reference);
    if (file) return { name: file.name, url: file.preview, isPicture: file.blob.type.startsWith('image/') };
    const known = this.known[reference];
    return known ? { name: known.name, url: known.url, isPicture: (known.content_type ?? '').startsWith('image/') } : null;
  }

  /**
   * Uploads every held file that the values name.
   * @template T
   * @param {T} values
   * @returns {Promise<T>} the values with attachment ids
   * @throws {UploadFailed}
   */
  async send(values) {
    /** @type {Set<string>} */
    const tokens = new Set();
    const collect = (/** @type {unknown} */ value) => void (typeof value === 'string' && TOKEN.test(value) && tokens.add(value));
    mapStrings(values, (text) => (collect(text), text));
    for (const token of tokens) {
      if (!this.sent.has(token)) this.sent.set(token, await this.upload(token));
    }
    return mapStrings(values, (text) => this.sent.get(text) ?? text);
  }

  /** @param {string} token @returns {Promise<string>} the attachment id */
  async upload(token) {
    const file = this.held.get(token);
    if (!file) throw new UploadFailed(say({ zh: '文件已丢失，请重新选择。', en: 'The file was lost. Choose it again.' }));
    if (!this.url) throw new UploadFailed(say({ zh: '这里不能附文件，请在任务里上传。', en: 'No files here: attach them to the task.' }));
    const body = new FormData();
    body.append('file', file.blob, file.name);
    body.append('kind', file.kind);
    const headers = { 'X-CSRFToken': this.csrf, Accept: 'application/json' };
    const answer = await fetch(this.url, { method: 'POST', headers, body, credentials: 'same-origin' });
    const content = await answer.json().catch(() => ({}));
    if (answer.ok && content.id) return content.id;
    const reason = say(content.message) || say({ zh: `上传失败（${answer.status}）。`, en: `The upload failed (${answer.status}).` });
    throw new UploadFailed(`${file.name}：${reason}`);
  }
}

/** A file could not be uploaded; the message is for people. */
export class UploadFailed extends Error {}

/**
 * Values without files that are not uploaded yet: what can be kept as text.
 * @template T
 * @param {T} values
 * @returns {T}
 */
export function withoutTokens(values) {
  if (Array.isArray(values)) {
    const kept = values.filter((item) => !(typeof item === 'string' && TOKEN.test(item)));
    return /** @type {T} */ (kept.map(withoutTokens));
  }
  if (values && typeof values === 'object') {
    return /** @type {T} */ (Object.fromEntries(Object.entries(values).map(([key, value]) => [key, withoutTokens(value)])));
  }
  return typeof values === 'string' && TOKEN.test(values) ? /** @type {T} */ (/** @type {unknown} */ (null)) : values;
}

/**
 * @template T
 * @param {T} value
 * @param {(text: string) => string} change
 * @returns {T}
 */
function mapStrings(value, change) {
  if (typeof value === 'string') return /** @type {T} */ (/** @type {unknown} */ (change(value)));
  if (Array.isArray(value)) return /** @type {T} */ (/** @type {unknown} */ (value.map((item) => mapStrings(item, change))));
  if (value && typeof value === 'object') {
    return /** @type {T} */ (Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)])));
  }
  return value;
}
