/** What a draft would have made of finished cases, on its diagram: where they part or stop, and what goes along each flow then and now. */
import htmx from 'htmx.org';
import '../styles/mining.css';
import { say } from '../language.js';
import { Badges } from '../mining/badges.js';
import { classesOf, colourOf } from '../mining/measures.js';
import { Stage } from '../player/stage.js';

const WORDS = {
  places: { zh: '颜色越深，在这里分开或停下的案例越多', en: 'the darker, the more cases part or stop here' },
  flows: { zh: '当时 → 按草稿的经过次数', en: 'times taken then → on the draft' },
  choose: { zh: '点节点只看它的案例', en: 'choose an element to see its cases' },
};
/** Elements outrank flows when there is no room for both. */
const ELEMENTS_FIRST = 1e9;

/**
 * @param {HTMLElement} element
 * @param {{xmlUrl: string, casesUrl: string, locale: string, labels: Record<string, string>,
 *   flows: Record<string, [number, number]>, places: Record<string, number>}} props
 */
export async function mount(element, props) {
  const [sheet, legend] = ['div', 'div'].map((tag) => document.createElement(tag));
  sheet.className = 'ops-diagram ops-map-sheet ops-hindsight-sheet';
  legend.className = 'ops-map-legend';
  legend.textContent = [WORDS.places, WORDS.flows, WORDS.choose].map(say).join(' · ');
  element.replaceChildren(sheet, legend);
  const stage = new Stage(sheet, props.locale === 'en', choose);
  await stage.open({ xmlUrl: props.xmlUrl, version: 0, labels: props.labels, titles: {}, rules: {} });
  paint(stage, props);

  /** @param {string} id */
  function choose(id) {
    const name = id.replace(/_(label|plane)$/, '');
    stage.view?.mark(name);
    const address = new URL(props.casesUrl, window.location.href);
    if (props.places[name]) address.searchParams.set('element', name);
    htmx.ajax('get', `${address.pathname}${address.search}`, { target: '#hindsight-cases', swap: 'innerHTML' });
  }
  return () => stage.close();
}

/** @param {Stage} stage @param {{flows: Record<string, [number, number]>, places: Record<string, number>}} props */
function paint(stage, { flows, places }) {
  const classes = classesOf(Object.values(places));
  for (const [id, count] of Object.entries(places)) {
    const graphics = stage.registry.getGraphics(id);
    const body = graphics?.querySelector('.djs-visual > :is(rect, circle, polygon)');
    if (body) body.style.fill = colourOf(count, classes);
  }
  for (const flow of stage.registry.filter((/** @type {any} */ item) => item.type === 'bpmn:SequenceFlow')) {
    const [before, after] = flows[flow.id] ?? [0, 0];
    stage.registry.getGraphics(flow).classList.toggle('ops-map-untouched', !before && !after);
  }
  const onElements = Object.entries(places).map(([id, count]) => ({
    id, text: String(count), title: String(count), weight: ELEMENTS_FIRST + count, tone: /** @type {const} */ ('element'),
  }));
  const onFlows = Object.entries(flows).map(([id, [before, after]]) => {
    const text = before === after ? String(after) : `${before} → ${after}`;
    return { id, text, title: text, weight: Math.abs(after - before) * 1000 + after, tone: /** @type {const} */ ('flow') };
  });
  new Badges(stage.viewer).show([...onElements, ...onFlows]);
}
