/** One person's work on one form, from the first change to the accepted submit: drafts, submit, conflicts, leaving. */
import { say } from '../language.js';
import { toastOnNextPage } from '../shell/toasts.js';
import { ActionBar } from './action_bar.js';
import { focusFirstError, showFieldErrors } from './paths.js';
import { IdempotencyKey, send } from './requests.js';
import { UploadFailed } from './uploads.js';
import { valuesOf } from './values.js';

const DRAFT_AFTER_MS = 1500;
/** form-js hands on what was typed, and computes expressions, a moment after the last key. */
const SETTLE_MS = 60;

export class FormSession {
  /**
   * @param {object} parts
   * @param {HTMLElement} parts.element
   * @param {any} parts.form
   * @param {import('./banner.js').Banner} parts.banner
   * @param {import('./uploads.js').Uploads} parts.uploads
   * @param {import('./local_copy.js').LocalCopy} parts.copy
   * @param {import('../islands/form.js').FormProps} parts.props
   * @param {string} parts.csrf
   */
  constructor({ element, form, banner, uploads, copy, props, csrf }) {
    this.element = element;
    this.form = form;
    this.banner = banner;
    this.uploads = uploads;
    this.props = props;
    this.headers = { 'X-CSRFToken': csrf };
    this.key = new IdempotencyKey();
    this.copy = copy;
    this.isBusy = false;
    this.isSettled = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.draftTimer = undefined;
    this.bar = new ActionBar(element, {
      submitLabel: say(props.submitLabel ?? { zh: '提交', en: 'Submit' }),
      onSubmit: () => this.submit(),
      onDraft: props.draftUrl ? () => this.saveDraft({ isAsked: true }) : null,
    });
    this.saved = this.content();
    form.on('changed', () => this.onChange());
    element.addEventListener('keydown', (event) => this.onKey(event));
    element.addEventListener('pointerdown', () => clearTimeout(this.draftTimer));
    element.addEventListener('pointerup', () => this.onChange());
    this.onLeave = (/** @type {BeforeUnloadEvent} */ event) => this.isDirty() && event.preventDefault();
    window.addEventListener('beforeunload', this.onLeave);
  }

  stop() {
    clearTimeout(this.draftTimer);
    window.removeEventListener('beforeunload', this.onLeave);
  }

  /** @returns {string} what the form holds, as text to compare */
  content() {
    return JSON.stringify(this.form._getState().data);
  }

  isDirty() {
    return !this.isSettled && this.content() !== this.saved;
  }

  onChange() {
    clearTimeout(this.draftTimer);
    if (!this.isDirty() || this.isBusy) return;
    this.bar.say(say({ zh: '有未保存的修改', en: 'Unsaved changes' }));
    if (this.props.draftUrl) this.draftTimer = setTimeout(() => this.saveDraft(), DRAFT_AFTER_MS);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.submit();
  }

  async submit() {
    if (this.isBusy || this.isSettled) return;
    this.setBusy(true);
    clearTimeout(this.draftTimer);
    try {
      await this.settle();
      const { errors } = this.form.submit();
      if (Object.keys(errors).length) this.pointAtErrors();
      else await this.deliver(valuesOf(this.form));
    } finally {
      this.setBusy(false);
    }
  }

  /** @param {object} data */
  async deliver(data) {
    const values = await this.withUploads(data);
    if (!values) return;
    const headers = { ...this.headers, 'Idempotency-Key': this.key.of(values) };
    const outcome = await send('POST', this.props.submitUrl, values, headers);
    if (outcome.kind === 'done') this.finish(outcome);
    else if (outcome.kind === 'fields') this.showServerErrors(outcome);
    else this.showTrouble(outcome);
  }

  /** @param {import('./requests.js').Outcome} outcome */
  finish({ message, redirect }) {
    this.isSettled = true;
    this.copy.forget();
    this.banner.clear();
    this.element.dispatchEvent(new CustomEvent('form:submitted', { bubbles: true }));
    if (!redirect) {
      this.bar.say(message || say({ zh: '已提交', en: 'Submitted' }));
      return;
    }
    if (message) toastOnNextPage(message);
    window.location.assign(redirect);
  }

  pointAtErrors() {
    const message = say({ zh: '还不能提交：请修改标红的栏目。', en: 'Not submitted yet: change the marked fields.' });
    this.banner.show('bad', message);
    setTimeout(() => focusFirstError(this.element));
  }

  /** @param {import('./requests.js').Outcome} outcome */
  showServerErrors({ message, fields }) {
    const unshown = showFieldErrors(this.form, fields);
    this.banner.show('bad', message, { lines: unshown });
    setTimeout(() => focusFirstError(this.element));
  }

  /** @param {import('./requests.js').Outcome} outcome */
  showTrouble({ kind, message }) {
    const again = { text: say({ zh: '再试一次', en: 'Try again' }), does: () => void this.submit() };
    const copy = { text: say({ zh: '复制填写的内容', en: 'Copy what I entered' }), does: () => void this.copyContent() };
    const reload = { text: say({ zh: '查看最新状态', en: 'See the present state' }), does: window.location.pathname };
    const signIn = { text: say({ zh: '重新登录', en: 'Sign in' }), does: `/login?next=${encodeURIComponent(window.location.pathname)}` };
    this.copy.keep(valuesOf(this.form));
    if (kind === 'conflict') this.banner.show('warn', `${message} ${keptWords()}`, { actions: [copy, reload] });
    else if (kind === 'signed-out') this.banner.show('warn', message, { actions: [signIn] });
    else this.banner.show('bad', message, { actions: kind === 'offline' ? [again] : [again, copy] });
  }

  /** @param {{isAsked?: boolean}} [options] */
  async saveDraft({ isAsked = false } = {}) {
    if (this.isBusy || this.isSettled || !this.props.draftUrl) return;
    clearTimeout(this.draftTimer);
    if (isAsked) await this.settle();
    const content = this.content();
    this.bar.say(say({ zh: '正在保存…', en: 'Saving…' }));
    const values = await this.withUploads(valuesOf(this.form));
    if (!values || this.isSettled) return;
    const outcome = await send('PUT', this.props.draftUrl, values, this.headers);
    if (outcome.kind === 'done') {
      this.saved = content;
      this.copy.forget();
      const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
      this.bar.say(say({ zh: `已暂存 ${time}`, en: `Draft saved ${time}` }));
      this.element.dispatchEvent(new CustomEvent('form:draft-saved', { bubbles: true }));
    } else {
      this.bar.say(say({ zh: '没有保存到服务器', en: 'Not saved on the server' }));
      this.showTrouble(outcome);
    }
  }

  /**
   * @template {object} T
   * @param {T} data
   * @returns {Promise<T | null>} with attachment ids; null when a file could not be sent, which is then shown
   */
  async withUploads(data) {
    try {
      return await this.uploads.send(data);
    } catch (error) {
      const isRefused = error instanceof UploadFailed;
      const offline = say({ zh: '网络不通，文件还没有上传。', en: 'No connection: the files are not uploaded yet.' });
      this.showTrouble({ kind: isRefused ? 'refused' : 'offline', message: isRefused ? error.message : offline, fields: {} });
      this.bar.say('');
      return null;
    }
  }

  /** Lets form-js take what is still being typed. */
  async settle() {
    if (document.activeElement instanceof HTMLElement && this.element.contains(document.activeElement)) document.activeElement.blur();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.isBusy = isBusy;
    this.bar.setBusy(isBusy);
  }

  async copyContent() {
    await navigator.clipboard.writeText(JSON.stringify(valuesOf(this.form), null, 2));
    this.bar.say(say({ zh: '已复制', en: 'Copied' }));
  }
}

const keptWords = () => say({ zh: '你填写的内容还在下面。', en: 'What you entered is still below.' });
