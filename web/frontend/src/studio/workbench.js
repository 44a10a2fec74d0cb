/** The frame around a modeler, the same for diagrams, forms and decision tables: autosave, undo, checks, conflicts, export. */
import '../styles/studio.css';
import { Banner } from '../forms/banner.js';
import { say } from '../language.js';
import { Checks } from './checks.js';
import { make } from './controls.js';
import { Draft } from './draft.js';
import { FindingsList } from './findings_list.js';
import { adoptPackageStyles } from './package_styles.js';
import { Replacements } from './replacements.js';
import { Toolbar } from './toolbar.js';

/** @typedef {import('./checks.js').Finding} Finding */

/**
 * What the workbench needs of a modeler.
 * @typedef {object} Editor
 * @property {(content: string) => Promise<void>} open shows other content; its undo history begins anew
 * @property {() => Promise<string>} content
 * @property {(onChange: () => void) => void} watch calls back after every change
 * @property {() => boolean} canUndo
 * @property {() => boolean} canRedo
 * @property {() => Promise<void> | void} undo
 * @property {() => Promise<void> | void} redo
 * @property {(findings: Finding[]) => void} mark shows findings at their places
 * @property {(elementId: string) => void} pointAt
 * @property {(elementId: string) => string} nameOf
 * @property {{zoomBy: (factor: number) => void, fit: () => void}} [view]
 * @property {() => Promise<string>} [picture] as SVG
 * @property {(toolbar: HTMLElement) => void} [addTools]
 * @property {() => void} destroy
 */

/**
 * @typedef {object} StudioProps
 * @property {string} key of the file, as in deployments
 * @property {string} user who edits it
 * @property {string} contentUrl
 * @property {string} checkUrl
 * @property {string} choicesUrl
 * @property {string} [templatesUrl]
 * @property {'zh' | 'en'} locale
 * @property {boolean} [readonly]
 * @property {Record<string, string>} [moduleLabels] Chinese to English
 */

/** A change is taken over when the hand rests this long. */
const SETTLE_MS = 300;

const ON_PHONES = {
  zh: '手机上可以查看，也可以修改所选部分的属性；画图请用更大的屏幕。',
  en: 'On a phone you can look and change properties of what you select; drawing needs a larger screen.',
};

const UNOPENED = {
  zh: '编辑器打不开这份内容，它原样保存着。下面的检查说明哪里不对，能自动修正的带按钮；也可以从历史中恢复较早的版本。',
  en:
    'The editor cannot open this content; it is kept as it is. The checks below say what is wrong, with a button for what can be '
    + 'mended; or take an older version from the history.',
};

export class Workbench {
  /**
   * @param {HTMLElement} element
   * @param {StudioProps} props
   */
  constructor(element, props) {
    this.element = element;
    this.props = props;
    adoptPackageStyles();
    element.replaceChildren();
    element.classList.add('ops-studio');
    element.classList.toggle('ops-studio-readonly', props.readonly ?? false);
    this.head = make('div', 'ops-studio-head');
    this.banner = new Banner(element);
    this.stage = make('div', 'ops-studio-stage');
    element.prepend(this.head);
    element.append(make('p', 'ops-studio-hint', say(ON_PHONES)), this.stage);
    this.draft = new Draft(props.contentUrl, props.user, (state, saved) => this.onState(state, saved));
    this.checks = new Checks(props.checkUrl, (findings) => this.onFindings(findings));
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.isTouched = false;
    /** @type {string | null} what the editor cannot open, as it is saved */
    this.unopened = null;
  }

  /** @param {Editor} editor */
  async begin(editor) {
    this.editor = editor;
    this.versions = new Replacements(editor);
    this.toolbar = new Toolbar(this.head, {
      editor,
      isReadonly: this.props.readonly ?? false,
      onUndo: () => void this.step('undo'),
      onRedo: () => void this.step('redo'),
      onCheck: () => this.findings?.toggle(),
      fileName: this.props.key.split('/').at(-1) ?? this.props.key,
    });
    editor.addTools?.(this.toolbar.tools);
    const onFix = this.props.readonly ? null : (/** @type {Finding} */ finding) => void this.fix(finding);
    const onJump = (/** @type {Finding} */ finding) => editor.pointAt(finding.elementId ?? '');
    this.findings = new FindingsList(this.element, { onJump, onFix, nameOf: (id) => editor.nameOf(id) });
    const { content, unsent } = await this.draft.load();
    this.onState('saved', null);
    await this.tryToOpen(content);
    this.toolbar.offer(false, false);
    this.listen();
    if (unsent && !this.props.readonly) await this.restore(unsent);
    else void this.checks.ask(content);
    if (location.hash) editor.pointAt(decodeURIComponent(location.hash.slice(1)));
  }

  /**
   * What no editor can open (two fields with one key, half a file) is kept as it is; the checks tell what is wrong and may mend it.
   * @param {string} content
   */
  async tryToOpen(content) {
    try {
      await this.editor?.open(content);
      this.unopened = null;
      this.banner.clear();
    } catch (error) {
      console.error(error);
      this.unopened = content;
      this.findings?.toggle(true);
      this.banner.show('bad', say(UNOPENED));
    }
    this.head.inert = this.unopened !== null;
    this.stage.hidden = this.unopened !== null;
  }

  /** Shows other content, as a step that can be undone. @param {string} content */
  async take(content) {
    if (this.unopened === null) await this.versions?.replace(content);
    else await this.tryToOpen(content);
  }

  stop() {
    clearTimeout(this.timer);
    this.draft.stop();
    this.checks.stop();
    this.leaving?.abort();
    this.editor?.destroy();
  }

  listen() {
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.editor?.watch(() => this.onChange());
    window.addEventListener('beforeunload', (event) => this.draft.isUnsaved() && event.preventDefault(), { signal });
    window.addEventListener('pagehide', () => void this.takeOver(), { signal });
    this.element.addEventListener('keydown', (event) => this.onKey(event), { signal });
    this.element.addEventListener('studio:focus', (event) => {
      this.editor?.pointAt(/** @type {CustomEvent} */ (event).detail.elementId);
    }, { signal });
    this.element.addEventListener('studio:flush', () => void this.flush(), { signal });
  }

  onChange() {
    this.toolbar?.offer(this.versions?.canUndo() ?? false, this.versions?.canRedo() ?? false);
    if (this.props.readonly) return;
    this.isTouched = true;
    this.fire('studio:unsaved', { unsaved: true });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.takeOver(), SETTLE_MS);
  }

  /** The draft and the checks get what the editor holds; an untouched file is never written anew. */
  async takeOver() {
    clearTimeout(this.timer);
    if (!this.editor || !this.isTouched || this.unopened !== null) return;
    this.isTouched = false;
    const content = await this.editor.content();
    this.draft.change(content);
    this.checks.askSoon(content);
  }

  async flush() {
    await this.takeOver();
    await this.draft.save();
    if (this.draft.state === 'saved') this.fire('studio:saved', { revision: this.draft.revision, savedAt: '' });
  }

  /** @param {'undo' | 'redo'} direction */
  async step(direction) {
    await this.versions?.[direction]();
    this.onChange();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const isTyping = target.isContentEditable || target.matches('input, textarea, select');
    if (!(event.ctrlKey || event.metaKey) || isTyping || this.props.readonly) return;
    const key = event.key.toLowerCase();
    const direction = key === 'y' || (key === 'z' && event.shiftKey) ? 'redo' : key === 'z' ? 'undo' : null;
    if (key === 's') void this.flush();
    else if (direction && !event.defaultPrevented) void this.step(direction);
    else return;
    event.preventDefault();
  }

  /** @param {Finding[]} findings */
  onFindings(findings) {
    this.editor?.mark(findings);
    this.findings?.show(findings);
    this.fire('studio:checked', { findings });
  }

  /** @param {Finding} finding */
  async fix(finding) {
    if (!finding.fix || !this.editor || !this.versions) return;
    const repaired = await this.checks.repair(this.unopened ?? (await this.editor.content()), finding.fix.id);
    if (repaired === null) {
      this.banner.show('warn', say({ zh: '内容已经变了，这项修正不再适用。', en: 'The content has changed; this repair does not fit any more.' }));
      return;
    }
    await this.take(repaired);
    if (this.unopened !== null) {
      this.draft.change(repaired);
      this.checks.askSoon(repaired);
      return;
    }
    this.onChange();
    if (finding.elementId) this.editor.pointAt(finding.elementId);
  }

  /**
   * What could not be sent last time is shown again; made from an older revision it becomes a conflict with the one on the server.
   * @param {import('./draft_copy.js').Copy} unsent
   */
  async restore(unsent) {
    const isCurrent = unsent.revision === this.draft.revision;
    const theirs = this.draft.revision;
    await this.take(unsent.content);
    const content = this.unopened ?? (await this.editor?.content());
    this.draft.change(content ?? unsent.content);
    this.checks.askSoon(this.draft.content);
    if (!isCurrent) {
      this.draft.turn('conflict', {
        kind: 'conflict', revision: theirs, savedAt: '', copyUrl: '', message: say({
          zh: '这台设备上还有没送达的修改，而草稿后来在别处保存过。',
          en: 'This device holds changes that were never sent, and the draft was saved elsewhere since.',
        }),
      });
      return;
    }
    const discard = { text: say({ zh: '不用它', en: 'Discard it' }), does: () => void this.takeTheirs() };
    const message = say({ zh: '已恢复上次没有送达的修改。', en: 'Changes that could not be sent last time are restored.' });
    this.banner.show('info', message, { actions: [discard] });
  }

  /**
   * @param {import('./draft.js').DraftState} state
   * @param {import('./draft_requests.js').Saved | null} saved
   */
  onState(state, saved) {
    const { text, tone } = inWords(state, saved);
    this.toolbar?.say(text, tone);
    if (state === 'saving') this.fire('studio:saving', {});
    if (state === 'conflict' && saved) this.showConflict(saved);
    else if (state === 'saved' && this.unopened === null) this.banner.clear();
    else if (saved?.message) this.banner.show('bad', saved.message);
    if (state === 'saved' && saved) this.fire('studio:saved', { revision: saved.revision, savedAt: saved.savedAt });
    if (state === 'saved') this.fire('studio:unsaved', { unsaved: false });
  }

  /** @param {import('./draft_requests.js').Saved} saved */
  showConflict(saved) {
    const actions = [
      { text: say({ zh: '看已保存的那份', en: 'See the saved one' }), does: this.props.contentUrl },
      ...(saved.copyUrl ? [{ text: say({ zh: '看我的这份', en: 'See mine' }), does: saved.copyUrl }] : []),
      { text: say({ zh: '把我的存成文件', en: 'Keep mine as a file' }), does: () => void this.toolbar?.saveFile() },
      { text: say({ zh: '用我的覆盖', en: 'Overwrite with mine' }), does: () => void this.overwrite(saved.revision) },
      { text: say({ zh: '换成已保存的', en: 'Take the saved one' }), does: () => void this.takeTheirs() },
    ];
    const kept = say({ zh: '你的修改还在这里，没有丢。请选择：', en: 'Your changes are still here, nothing is lost. Choose:' });
    this.banner.show('warn', `${saved.message} ${kept}`, { actions });
    this.fire('studio:conflict', { message: saved.message, revision: saved.revision, copyUrl: saved.copyUrl });
  }

  /** @param {number} revision */
  async overwrite(revision) {
    this.banner.clear();
    await this.takeOver();
    await this.draft.overwrite(revision);
  }

  async takeTheirs() {
    this.banner.clear();
    clearTimeout(this.timer);
    const content = await this.draft.takeTheirs();
    await this.tryToOpen(content);
    void this.checks.ask(content);
  }

  /** @param {string} name @param {object} detail */
  fire(name, detail) {
    this.element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }

}

/**
 * @param {import('./draft.js').DraftState} state
 * @param {import('./draft_requests.js').Saved | null} saved
 * @returns {{text: string, tone: 'good' | 'info' | 'warn' | 'bad' | 'quiet'}}
 */
function inWords(state, saved) {
  const time = new Date(saved?.savedAt || Date.now()).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (state === 'saved') {
    const text = saved ? say({ zh: `已保存 ${time}`, en: `Saved ${time}` }) : say({ zh: '已保存', en: 'Saved' });
    return { text, tone: 'good' };
  }
  if (state === 'changed') return { text: say({ zh: '有未保存的修改', en: 'Unsaved changes' }), tone: 'quiet' };
  if (state === 'saving') return { text: say({ zh: '正在保存…', en: 'Saving…' }), tone: 'quiet' };
  if (state === 'offline') {
    return { text: say({ zh: '网络不通，修改留在本机，会自动再存', en: 'Offline: kept on this device, saved when back' }), tone: 'warn' };
  }
  if (state === 'conflict') return { text: say({ zh: '有冲突，等你选择', en: 'Conflict: your choice' }), tone: 'bad' };
  return { text: say({ zh: '没有保存到服务器', en: 'Not saved on the server' }), tone: 'bad' };
}
