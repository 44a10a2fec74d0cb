/** The map of a process: its diagram with the figures of many cases, and a day of them that moves. */
import htmx from 'htmx.org';
import '../styles/mining.css';
import { say } from '../language.js';
import { DayBar } from '../mining/day_bar.js';
import { drawLegend } from '../mining/legend.js';
import { MEASURES } from '../mining/measures.js';
import { Paint } from '../mining/paint.js';
import { Stage } from '../player/stage.js';

const WORDS = {
  measure: { zh: '着色', en: 'Colour by' },
  day: { zh: '播放一天', en: 'Play a day' },
  figures: { zh: '看数字', en: 'Back to figures' },
};

/**
 * @param {HTMLElement} element
 * @param {{xmlUrl: string, labels: Record<string, string>, locale: string, measure: string, figuresUrl: string, dayUrl: string,
 *   calls: Record<string, string>, elements: Record<string, import('../mining/measures.js').ElementFigures>,
 *   flows: Record<string, import('../mining/measures.js').FlowFigures>}} props
 */
export async function mount(element, props) {
  const [bar, sheet, legend, below] = ['div', 'div', 'div', 'div'].map((tag) => document.createElement(tag));
  bar.className = 'ops-map-bar';
  sheet.className = 'ops-diagram ops-map-sheet';
  legend.className = 'ops-map-legend';
  element.replaceChildren(bar, sheet, legend, below);
  const stage = new Stage(sheet, props.locale === 'en', (id) => choose(id.replace(/_(label|plane)$/, '')));
  await stage.open({ xmlUrl: props.xmlUrl, version: 0, labels: props.labels, titles: {}, rules: {} });
  const paint = new Paint(stage.viewer, props.elements, props.flows);
  const day = new DayBar(below, stage, props.dayUrl);

  /** @param {string} id */
  function choose(id) {
    const isOnMap = stage.registry.get(id)?.parent?.parent || stage.registry.get(id)?.waypoints;
    stage.view?.mark(id);
    const address = props.figuresUrl.replace('/figures/-', `/figures/${encodeURIComponent(isOnMap ? id : '-')}`);
    htmx.ajax('get', address, { target: '#map-figures', swap: 'innerHTML' });
  }

  /** @param {string} name */
  function colour(name) {
    drawLegend(legend, name, paint.colour(name));
    const address = new URL(window.location.href);
    address.searchParams.set('measure', name);
    window.history.replaceState(null, '', address);
    for (const field of document.querySelectorAll('input[name=measure]')) /** @type {HTMLInputElement} */ (field).value = name;
  }

  const select = document.createElement('select');
  select.className = 'form-select form-select-sm';
  select.setAttribute('aria-label', say(WORDS.measure));
  const isChosen = (/** @type {string} */ key) => key === props.measure;
  select.append(...Object.entries(MEASURES).map(([key, { name }]) => new Option(say(name), key, isChosen(key), isChosen(key))));
  select.addEventListener('change', () => colour(select.value));
  const label = document.createElement('label');
  label.className = 'ops-map-measure';
  label.append(say(WORDS.measure), select);
  const play = document.createElement('button');
  play.type = 'button';
  play.className = 'btn btn-sm';
  play.textContent = `▶ ${say(WORDS.day)}`;
  play.addEventListener('click', async () => {
    const opens = !day.isOpen;
    element.classList.toggle('ops-map-by-day', opens);
    play.textContent = opens ? say(WORDS.figures) : `▶ ${say(WORDS.day)}`;
    select.disabled = opens;
    if (opens) await day.open();
    else day.close();
    paint.badges.arrange();
  });
  bar.append(label, play);
  colour(props.measure);
  return () => {
    day.close();
    stage.close();
  };
}
