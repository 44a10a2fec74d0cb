/** Plays a case again: its diagram at any moment of its history, with the data and the reasons of that moment. */
import '../styles/player.css';
import { say } from '../language.js';
import { Panel } from '../player/panel.js';
import { Stage } from '../player/stage.js';
import { Transport } from '../player/transport.js';
import { Walker } from '../player/walker.js';

const AT_REST_MS = 60;

/**
 * @param {HTMLElement} element
 * @param {{storyUrl: string, event: number, locale: string}} props
 */
export async function mount(element, props) {
  const player = new Player(element, props.locale === 'en');
  await player.open(props.storyUrl, (walker) => props.event || walker.events.length);
  return () => player.close();
}

class Player {
  /** @param {HTMLElement} element @param {boolean} inEnglish */
  constructor(element, inEnglish) {
    element.classList.add('ops-player');
    const [crumbs, sheet, side, bar] = ['nav', 'div', 'aside', 'div'].map((tag) => document.createElement(tag));
    crumbs.className = 'ops-player-crumbs';
    sheet.className = 'ops-diagram ops-player-stage';
    side.className = 'ops-player-panel card';
    element.replaceChildren(crumbs, sheet, side, bar);
    this.crumbs = crumbs;
    this.bar = bar;
    this.stage = new Stage(sheet, inEnglish, (id) => this.#select(id));
    this.panel = new Panel(side, {
      onCall: (run) => void this.#call(run),
      onElement: (id) => this.stage.view?.centre([id]),
      onLink: () => void this.#copyLink(),
    });
    /** @type {{url: string, title: string, position: number}[]} the calling stories, outermost first */
    this.callers = [];
    this.frame = 0;
    this.rest = 0;
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.transport?.onKey(event);
    document.addEventListener('keydown', this.onKey, true);
  }

  close() {
    document.removeEventListener('keydown', this.onKey, true);
    this.transport?.pause();
    this.stage.close();
  }

  /**
   * @param {string} url
   * @param {(walker: Walker) => number} where
   */
  async open(url, where) {
    this.transport?.pause();
    const answer = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    this.url = url;
    this.walker = new Walker(await answer.json());
    const bar = document.createElement('div');
    this.bar.replaceWith(bar);
    this.bar = bar;
    this.transport = new Transport(bar, this.walker, (position, forward) => this.#move(position, forward));
    this.#drawCrumbs();
    this.#move(where(this.walker), false);
    await this.shown;
  }

  /** @param {number} position @param {boolean} forward one step: then a token is seen moving */
  #move(position, forward) {
    const walker = /** @type {Walker} */ (this.walker);
    walker.go(position);
    const line = walker.line;
    if (forward && line?.flow && this.transport) this.stage.moveToken(line.flow, Math.max(120, this.transport.pace(0) * 0.8));
    this.transport?.shown();
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.shown = this.#show();
    });
  }

  async #show() {
    const walker = /** @type {Walker} */ (this.walker);
    const version = walker.story.versions[walker.sheet('case').definition] ?? Object.values(walker.story.versions)[0];
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.#tell(walker, version), AT_REST_MS);
    await this.stage.open(version);
    this.stage.show(walker);
  }

  /**
   * The words and the address follow when the reader stays for a moment: nobody reads while scrubbing.
   * @param {Walker} walker
   * @param {import('../player/walker.js').Version} version
   */
  #tell(walker, version) {
    this.panel.show(walker, version);
    const address = new URL(window.location.href);
    address.pathname = `/cases/${walker.story.instance}/replay`;
    address.search = `?event=${walker.position}`;
    window.history.replaceState(null, '', address);
  }

  /** @param {string} id */
  #select(id) {
    const walker = /** @type {Walker} */ (this.walker);
    const { called } = walker.story;
    const run = walker.events.slice(0, walker.position).findLast((line) => line.element === id && line.run && called[line.run])?.run;
    if (run) void this.#call(run);
  }

  /** @param {string} run */
  async #call(run) {
    const walker = /** @type {Walker} */ (this.walker);
    const { storyUrl } = walker.story.called[run];
    const at = walker.line?.at ?? '';
    this.callers.push({ url: this.url ?? '', title: walker.story.title, position: walker.position });
    await this.open(storyUrl, (inner) => Math.max(1, inner.at(at)));
  }

  /** @param {number} depth */
  async #return(depth) {
    const caller = this.callers[depth];
    this.callers.length = depth;
    await this.open(caller.url, () => caller.position);
  }

  #drawCrumbs() {
    const parts = this.callers.map(({ title }, depth) => {
      const link = document.createElement('button');
      link.type = 'button';
      link.className = 'ops-player-crumb';
      link.textContent = title;
      link.addEventListener('click', () => void this.#return(depth));
      return link;
    });
    this.crumbs.hidden = parts.length === 0;
    const here = document.createElement('strong');
    here.textContent = this.walker?.story.title ?? '';
    this.crumbs.replaceChildren(...parts.flatMap((part) => [part, ' / ']), here);
  }

  async #copyLink() {
    await navigator.clipboard.writeText(window.location.href);
    const text = say({ zh: '已复制链接', en: 'Link copied' });
    window.dispatchEvent(new CustomEvent('toast', { detail: { text, tone: 'good' } }));
  }
}
