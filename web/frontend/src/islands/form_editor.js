/** The form editor of the studio: components are dragged onto the board, described in the panel, and tried in the preview. */
import '../styles/form_editor.css';
import { Workbench } from '../studio/workbench.js';
import { FormBoard } from '../studio/forms/form_board.js';
import { make } from '../studio/controls.js';
import { translateInPlace } from '../studio/translation.js';

/** The person's own words: what stands on the board, what is typed. */
const OWN_WORDS = '.fjs-element .fjs-form-field, .bio-properties-panel-header-label';

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
