/** The form editor of the studio: components are dragged onto the board, described in the panel, and tried in the preview. */
import '../styles/form_editor.css';
import { Workbench } from '../studio/workbench.js';
import { FormBoard } from '../studio/forms/form_board.js';
import { make } from '../studio/controls.js';
import { translateInPlace } from '../studio/translation.js';

/** The person's own words on the board: names, descriptions, texts. What else stands there is the editor's. */
const OWN_WORDS = [
  '.fjs-form-field-label:not(.fjs-filepicker-container > *)', '.fjs-form-field-description', '.fjs-inline-label',
  '.fjs-label-content', '.fjs-taglist-tag-label',
  '.fjs-table-th-label', '.fjs-form-field-button', ':is(.fjs-form-field-text, .fjs-form-field-html) > :not(.fjs-form-field-placeholder)',
  '.bio-properties-panel-header-label',
].join(', ');

/**
 * @param {HTMLElement} element
 * @param {import('../studio/workbench.js').StudioProps} props
 */
export async function mount(element, props) {
  const words = props.locale === 'en' ? null : await import('../studio/words/zh_form.js');
  const workbench = new Workbench(element, props);
  const host = make('div', 'ops-form-board');
  host.inert = props.readonly ?? false;
  workbench.stage.append(host);
  const editor = new FormBoard(host, words?.zhNewComponents ?? null);
  const endWords = words ? translateInPlace(host, words.zhForm, OWN_WORDS) : () => {};
  await workbench.begin(editor);
  element.dispatchEvent(new CustomEvent('studio:ready', { bubbles: true, detail: { editor, missing: new Set() } }));
  return () => {
    endWords();
    workbench.stop();
  };
}
