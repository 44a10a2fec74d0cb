/** The diagram of a case: where it stands, the path it took, incidents, and links into called cases. */
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import '../styles/diagram.css';
import { drawControls } from '../diagram/controls.js';
import { nameInEnglish } from '../diagram/english_names.js';
import { innermost } from '../diagram/nesting.js';
import { describeState, drawOverlays, nameDrilldowns } from '../diagram/overlays.js';
import { colourPath, markState } from '../diagram/state_marks.js';
import { followTouch } from '../diagram/touch.js';
import { View } from '../diagram/view.js';

/**
 * @typedef {object} DiagramProps
 * @property {string} [xmlUrl]
 * @property {string} [xml]
 * @property {string} [locale]
 * @property {Record<string, string>} [labels] Chinese name to English name
 * @property {{elementId: string, count: number}[]} [active]
 * @property {string[]} [completed]
 * @property {Record<string, number>} [flowsTaken]
 * @property {{elementId: string, message: string}[]} [incidents]
 * @property {{elementId: string, text: string, tone?: string, place?: string}[]} [overlays]
 * @property {Record<string, {href: string, title: string}>} [links]
 * @property {string} [focus] the element to begin with
 * @property {string} [height] CSS length
 */

/**
 * @param {HTMLElement} element
 * @param {DiagramProps} props
 */
export async function mount(element, props) {
  element.replaceChildren();
  element.classList.add('ops-diagram');
  if (props.height) element.style.setProperty('--ops-diagram-height', props.height);
  const sheet = document.createElement('div');
  sheet.className = 'ops-diagram-sheet';
  sheet.tabIndex = 0;
  sheet.setAttribute('role', 'group');
  sheet.setAttribute('aria-label', describeState(props));
  element.append(sheet);

  const viewer = new NavigatedViewer({ container: sheet, zoomScroll: { enabled: false } });
  const events = /** @type {any} */ (viewer.get('eventBus'));
  events.on('import.parse.complete', (/** @type {any} */ { definitions, elementsById }) => {
    if (props.locale === 'en') nameInEnglish(elementsById, props.labels ?? {});
    colourPath(definitions, props.flowsTaken ?? {});
  });
  const { warnings } = await viewer.importXML(props.xml ?? (await fetchXml(props.xmlUrl ?? '')));
  for (const warning of warnings) console.error(warning);

  const current = innermost(viewer, (props.active ?? []).map((place) => place.elementId));
  const view = new View(viewer, sheet, current);
  markState(viewer, props);
  drawOverlays(viewer, props);
  nameDrilldowns(sheet, props.locale === 'en');
  drawControls(element, view, props.locale === 'en');
  followTouch(viewer, sheet);
  view.showAtFirst();
  if (props.focus) view.pointAt(props.focus);

  events.on('element.click', (/** @type {any} */ { element: { id, businessObject, type } }) => {
    view.mark(id);
    element.dispatchEvent(new CustomEvent('diagram:select', {
      bubbles: true,
      detail: { elementId: id, name: businessObject?.name ?? '', type },
    }));
  });
  element.addEventListener('diagram:focus', (event) => view.pointAt(/** @type {CustomEvent} */ (event).detail.elementId));
  element.addEventListener('diagram:open', (event) => view.open(/** @type {CustomEvent} */ (event).detail.elementId));
  return () => {
    view.stop();
    viewer.destroy();
  };
}

/** @param {string} url */
async function fetchXml(url) {
  const answer = await fetch(url, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
}
