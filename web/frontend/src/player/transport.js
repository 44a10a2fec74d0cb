/** The bar that drives the player: step, play, speed, scrub, jump; by mouse, finger and keyboard. */
import { say } from '../language.js';
import { instant } from './instants.js';

const SPEEDS = [0.5, 1, 2, 4, 8];
const MARKS = /** @type {const} */ (['deviation', 'incident', 'breach']);
const WORDS = {
  first: { zh: '回到开头', en: 'To the beginning' },
  back: { zh: '上一步', en: 'Step back' },
  play: { zh: '播放', en: 'Play' },
  pause: { zh: '暂停', en: 'Pause' },
  forward: { zh: '下一步', en: 'Step forward' },
  last: { zh: '到最后', en: 'To the end' },
  speed: { zh: '速度', en: 'Speed' },
  scale: { zh: '按工作时间', en: 'By working time' },
  moment: { zh: '时刻', en: 'Moment' },
  deviation: { zh: '偏离', en: 'Deviation' },
  incident: { zh: '异常', en: 'Incident' },
  breach: { zh: '超时', en: 'Breach' },
  person: { zh: '换人', en: 'Person' },
  details: { zh: '每个细节', en: 'Every detail' },
};

export class Transport {
  /**
   * @param {HTMLElement} element
   * @param {import('./walker.js').Walker} walker
   * @param {(position: number, forward: boolean) => void} onMove
   */
  constructor(element, walker, onMove) {
    this.walker = walker;
    this.onMove = onMove;
    this.speed = 1;
    this.timer = 0;
    this.element = element;
    element.className = 'ops-transport';
    this.#build();
  }

  #build() {
    this.toggle = this.#button('▶', WORDS.play, () => (this.timer ? this.pause() : this.play()));
    this.toggle.classList.add('ops-transport-play');
    const steps = row('ops-transport-steps',
      this.#button('«', WORDS.first, () => this.#to(0)),
      this.#button('‹', WORDS.back, () => this.step(-1)),
      this.toggle,
      this.#button('›', WORDS.forward, () => this.step(1)),
      this.#button('»', WORDS.last, () => this.#to(this.walker.events.length)),
    );
    this.slider = document.createElement('input');
    this.slider.type = 'range';
    this.slider.className = 'ops-transport-slider';
    this.slider.setAttribute('aria-label', say(WORDS.moment));
    this.slider.addEventListener('input', () => this.#to(this.#positionOf(Number(this.slider?.value))));
    this.ticks = document.createElement('div');
    this.ticks.className = 'ops-transport-ticks';
    this.clock = document.createElement('output');
    this.clock.className = 'ops-transport-clock';
    const speed = document.createElement('select');
    speed.className = 'form-select form-select-sm';
    speed.setAttribute('aria-label', say(WORDS.speed));
    speed.append(...SPEEDS.map((value) => new Option(`${value}×`, String(value), value === 1, value === 1)));
    speed.addEventListener('change', () => (this.speed = Number(speed.value)));
    this.byTime = checkbox(WORDS.scale, () => this.#scale());
    this.details = checkbox(WORDS.details, () => {});
    const jumps = [...MARKS, /** @type {const} */ ('person')].map((kind) => this.#jump(kind));
    const track = row('ops-transport-track', this.slider, this.ticks);
    const choices = [this.clock, speed, this.byTime, this.details];
    this.element.append(track, row('ops-transport-row', steps, ...choices, row('ops-transport-jumps', ...jumps)));
    this.#scale();
  }

  /** @param {'deviation' | 'incident' | 'breach' | 'person'} kind */
  #jump(kind) {
    const count = this.walker.events.filter((line) => this.#fits(kind, line)).length;
    const made = this.#button(`${say(WORDS[kind])} ${count}`, WORDS[kind], () => {
      const forward = this.walker.find(1, (line) => this.#fits(kind, line));
      this.#to(forward === this.walker.position ? this.#first(kind) : forward);
    });
    made.classList.add('ops-transport-jump', `ops-mark-${kind}`);
    made.disabled = count === 0;
    return made;
  }

  /** @param {string} kind */
  #first(kind) {
    return this.walker.events.findIndex((line) => this.#fits(kind, line)) + 1;
  }

  /** @param {string} kind @param {import('./walker.js').Line} line */
  #fits(kind, line) {
    return kind === 'person' ? this.walker.handovers.has(line.n) : line.mark === kind;
  }

  #scale() {
    const { events } = this.walker;
    const slider = /** @type {HTMLInputElement} */ (this.slider);
    slider.min = '0';
    slider.max = String(this.#isByTime() ? Math.max(1, events.at(-1)?.worked ?? 1) : events.length);
    slider.step = '1';
    this.ticks?.replaceChildren(...events.filter((line) => line.mark).slice(0, 500).map((line) => {
      const tick = document.createElement('i');
      tick.className = `ops-mark-${line.mark}`;
      tick.style.left = `${(this.#valueOf(line.n) / Number(slider.max)) * 100}%`;
      return tick;
    }));
    this.shown();
  }

  #isByTime() {
    return this.#isChosen(this.byTime);
  }

  /** @param {HTMLElement | undefined} choice */
  #isChosen(choice) {
    return /** @type {HTMLInputElement | null | undefined} */ (choice?.firstElementChild)?.checked ?? false;
  }

  /** @param {number} position */
  #valueOf(position) {
    return this.#isByTime() ? (this.walker.events[position - 1]?.worked ?? 0) : position;
  }

  /** @param {number} value */
  #positionOf(value) {
    return this.#isByTime() ? this.walker.worked(value) : value;
  }

  /** @param {1 | -1} direction */
  step(direction) {
    this.pause();
    this.#to(this.#next(direction));
  }

  /** @param {1 | -1} direction */
  #next(direction) {
    const all = this.#isChosen(this.details);
    const { walker } = this;
    const found = walker.find(direction, (line) => all || Boolean(line.main) || line.type === 'FlowTaken' || Boolean(line.mark));
    if (found !== walker.position) return found;
    return direction < 0 ? 0 : walker.events.length;
  }

  play() {
    if (this.walker.position >= this.walker.events.length) this.#to(0);
    this.toggle?.replaceChildren('❚❚');
    this.toggle?.setAttribute('aria-label', say(WORDS.pause));
    const tick = () => {
      const before = this.walker.line;
      this.#to(this.#next(1));
      if (this.walker.position >= this.walker.events.length) return this.pause();
      const waited = (this.walker.line?.worked ?? 0) - (before?.worked ?? 0);
      this.timer = window.setTimeout(tick, this.pace(waited));
    };
    this.timer = window.setTimeout(tick, 50);
  }

  /**
   * How long a step is shown: longer after a long wait, but a night is not a thousand times a minute.
   * @param {number} waited working seconds before it
   */
  pace(waited) {
    return (450 + 150 * Math.log1p(waited / 60)) / this.speed;
  }

  pause() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.toggle?.replaceChildren('▶');
    this.toggle?.setAttribute('aria-label', say(WORDS.play));
  }

  /** @param {number} position */
  #to(position) {
    const forward = position === this.#next(1);
    this.onMove(position, forward);
  }

  /** The player has moved. */
  shown() {
    const { walker } = this;
    if (this.slider) {
      this.slider.value = String(this.#valueOf(walker.position));
      this.slider.setAttribute('aria-valuetext', walker.line?.text ?? '');
    }
    const at = walker.line ? instant(walker.line.at, walker.story.zone) : '—';
    if (this.clock) this.clock.textContent = `${at} · ${walker.position}/${walker.events.length}`;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const here = event.target instanceof HTMLElement ? event.target : document.body;
    const isTyping = here.matches('input:not([type=range], [type=checkbox]), textarea, select');
    const isPressing = event.key === ' ' && here.matches('button, a, summary, [type=checkbox]'); // the space bar is theirs
    if (isTyping || isPressing || event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const actions = {
      ' ': () => (this.timer ? this.pause() : this.play()),
      ArrowRight: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      Home: () => this.#to(0),
      End: () => this.#to(this.walker.events.length),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    actions[event.key]();
  }

  /** @param {string} sign @param {import('../language.js').Bilingual} title @param {() => void} onClick */
  #button(sign, title, onClick) {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'ops-transport-button';
    made.title = say(title);
    made.setAttribute('aria-label', say(title));
    made.textContent = sign;
    made.addEventListener('click', onClick);
    return made;
  }
}

/** @param {string} className @param {Node[]} children */
function row(className, ...children) {
  const made = document.createElement('div');
  made.className = className;
  made.append(...children);
  return made;
}

/** @param {import('../language.js').Bilingual} text @param {() => void} onChange */
function checkbox(text, onChange) {
  const label = document.createElement('label');
  label.className = 'ops-transport-check';
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.className = 'form-check-input';
  box.addEventListener('change', onChange);
  label.append(box, document.createTextNode(say(text)));
  return label;
}
