/** The diagram modeler of the studio: draws a process, chooses instead of typing, checks while one draws, saves by itself. */
import '../styles/modeler.css';
import { say } from '../language.js';
import { makeBpmnEditor } from '../studio/bpmn/bpmn_editor.js';
import { Choices } from '../studio/choices.js';
import { make } from '../studio/controls.js';
import { ownPanelModule } from '../studio/panel/provider.js';
import { translateInPlace, translateModule } from '../studio/translation.js';
import { Workbench } from '../studio/workbench.js';

/** The person's own words: names on the drawing and in the panel, what is chosen and typed. */
const OWN_WORDS = '.djs-element, .bio-properties-panel-header-label, .ops-choice, .bjs-crumb';

/**
 * @param {HTMLElement} element
 * @param {import('../studio/workbench.js').StudioProps} props
 */
export async function mount(element, props) {
  const inChinese = props.locale !== 'en';
  const words = inChinese ? await import('../studio/words/zh_diagram.js') : null;
  const [choices, templates] = await Promise.all([Choices.fetch(props.choicesUrl), fetchTemplates(props.templatesUrl)]);
  const workbench = new Workbench(element, props);
  const sheet = make('div', 'ops-studio-sheet');
  const panel = make('fieldset', 'ops-studio-panel');
  panel.disabled = props.readonly ?? false;
  panel.setAttribute('aria-label', say({ zh: '所选元素的属性', en: 'Properties of the selected element' }));
  workbench.stage.append(sheet, panel);
  /** @type {Set<string>} */
  const missing = new Set();
  const editor = makeBpmnEditor({
    sheet,
    panel,
    modules: [translateModule(words?.zhDiagram ?? null, missing), ownPanelModule(choices)],
    labels: inChinese ? {} : (props.moduleLabels ?? {}),
    isReadonly: props.readonly ?? false,
    templates,
  });
  const endWords = words ? translateInPlace(element, words.zhDiagramInPlace, OWN_WORDS) : () => {};
  await workbench.begin(editor);
  element.dispatchEvent(new CustomEvent('studio:ready', { bubbles: true, detail: { editor, missing } }));
  return () => {
    endWords();
    workbench.stop();
  };
}

/** @param {string | undefined} url @returns {Promise<object[]>} */
async function fetchTemplates(url) {
  if (!url) return [];
  const answer = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
  return answer.ok ? answer.json() : [];
}
