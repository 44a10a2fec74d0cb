/** The decision editor of the studio: overview, decision tables and literal expressions. */
import '../styles/decision_editor.css';
import { make } from '../studio/controls.js';
import { DecisionBoard } from '../studio/decisions/decision_board.js';
import { translateInPlace, translateModule } from '../studio/translation.js';
import { Workbench } from '../studio/workbench.js';

/** The person's own words: cells, names, expressions. */
const OWN_WORDS = 'td.input-cell, td.output-cell, td.annotation, .djs-element, .content-editable, .ops-decision-tabs';

/**
 * @param {HTMLElement} element
 * @param {import('../studio/workbench.js').StudioProps} props
 */
export async function mount(element, props) {
  const words = props.locale === 'en' ? null : await import('../studio/words/zh_decision.js');
  const workbench = new Workbench(element, props);
  const host = make('div', 'ops-decision');
  host.inert = props.readonly ?? false;
  workbench.stage.append(host);
  /** @type {Set<string>} */
  const missing = new Set();
  const editor = new DecisionBoard(host, [translateModule(words?.zhDecision ?? null, missing)]);
  const endWords = words ? translateInPlace(host, words.zhDecisionInPlace, OWN_WORDS) : () => {};
  await workbench.begin(editor);
  element.dispatchEvent(new CustomEvent('studio:ready', { bubbles: true, detail: { editor, missing } }));
  return () => {
    endWords();
    workbench.stop();
  };
}
