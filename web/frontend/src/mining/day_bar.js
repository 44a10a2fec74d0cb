/** The bar that plays a day: which day, play and pause, speed, scrub, and a clock. */
import { say } from '../language.js';
import { Day } from './day.js';
import { DayDrawing } from './day_drawing.js';

/** Seconds of the day that pass in a second at normal speed: an office day takes twenty. */
const PACE = 1800;
const SPEEDS = [0.25, 0.5, 1, 2, 4];
/** Without motion the clock goes on by so much, once a second. */
const STEP_S = 900;
const WORDS = {
  day: { zh: '日期', en: 'Day' },
  before: { zh: '前一个有案例的日子', en: 'The day before with cases' },
  after: { zh: '后一个有案例的日子', en: 'The next day with cases' },
  play: { zh: '播放', en: 'Play' },
  pause: { zh: '暂停', en: 'Pause' },
  speed: { zh: '速度', en: 'Speed' },
  time: { zh: '时刻', en: 'Time of day' },
  quiet: { zh: '这一天没有动静。', en: 'Nothing happened on this day.' },
};

export class DayBar {
  /**
   * @param {HTMLElement} element
   * @param {import('../player/stage.js').Stage} stage
   * @param {string} url
   */
  constructor(element, stage, url) {
    this.element = element;
    this.url = url;
    this.drawing = new DayDrawing(stage.viewer);
    this.isOpen = false;
    this.speed = 1;
    this.time = 0;
    this.frame = 0;
    this.last = 0;
    this.isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    element.className = 'ops-day-bar';
    element.hidden = true;
    const redraw = () => this.isOpen && this.#show(this.time);
    const bus = /** @type {any} */ (/** @type {any} */ (stage.viewer).get('eventBus'));
    bus.on(['root.set', 'canvas.viewbox.changed'], () => requestAnimationFrame(redraw));
  }

  /** @param {string | null} [day] ISO; the last one with cases by itself */
  async open(day) {
    this.pause();
    const address = new URL(this.url, window.location.href);
    if (day) address.searchParams.set('day', day);
    const answer = await fetch(address, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    this.day = new Day(await answer.json());
    this.isOpen = true;
    this.element.hidden = false;
    this.#build(this.day);
    this.#show(this.day.opens);
  }

  close() {
    this.pause();
    this.isOpen = false;
    this.element.hidden = true;
    this.drawing.clear();
  }

  play() {
    if (!this.day) return;
    if (this.time >= this.day.closes) this.#show(this.day.opens);
    this.last = performance.now();
    this.frame = requestAnimationFrame((now) => this.#tick(now));
    this.#tellPlaying(true);
  }

  pause() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.#tellPlaying(false);
  }

  /** @param {number} now */
  #tick(now) {
    const day = /** @type {Day} */ (this.day);
    const passed = ((now - this.last) / 1000) * this.speed;
    if (!this.isStill || passed >= 1) {
      this.last = now;
      this.#show(Math.min(day.closes, this.time + (this.isStill ? STEP_S : passed * PACE)));
    }
    if (this.time >= day.closes) this.pause();
    else this.frame = requestAnimationFrame((next) => this.#tick(next));
  }

  /** @param {number} time seconds since midnight */
  #show(time) {
    const day = /** @type {Day} */ (this.day);
    this.time = time;
    this.drawing.draw(day, time, !this.isStill);
    const clock = `${two(time / 3600)}:${two((time / 60) % 60)}`;
    if (this.slider) {
      this.slider.value = String(Math.round(time));
      this.slider.setAttribute('aria-valuetext', clock);
    }
    if (this.clock) this.clock.textContent = clock;
    if (this.told) this.told.textContent = this.#told(day, time);
  }

  /** @param {Day} day @param {number} time */
  #told(day, time) {
    const { cases, moves } = day.story;
    if (!cases) return say(WORDS.quiet);
    const moved = day.moved(time);
    return say({ zh: `${cases} 个案例 · 走了 ${moved}/${moves.length} 步`, en: `${cases} cases · ${moved} of ${moves.length} moves` });
  }

  /** @param {boolean} plays */
  #tellPlaying(plays) {
    this.toggle?.replaceChildren(plays ? '❚❚' : '▶');
    this.toggle?.setAttribute('aria-label', say(plays ? WORDS.pause : WORDS.play));
  }

  /** @param {Day} day */
  #build(day) {
    const { story } = day;
    const date = document.createElement('input');
    date.type = 'date';
    date.className = 'form-control form-control-sm';
    date.setAttribute('aria-label', say(WORDS.day));
    date.value = story.day;
    date.addEventListener('change', () => date.value && void this.open(date.value));
    this.toggle = button('▶', say(WORDS.play), () => (this.frame ? this.pause() : this.play()));
    this.toggle.classList.add('ops-transport-play');
    this.slider = document.createElement('input');
    this.slider.type = 'range';
    this.slider.className = 'ops-transport-slider';
    this.slider.setAttribute('aria-label', say(WORDS.time));
    [this.slider.min, this.slider.max, this.slider.step] = [String(day.opens), String(day.closes), '60'];
    this.slider.addEventListener('input', () => {
      this.pause();
      this.#show(Number(this.slider?.value));
    });
    this.clock = document.createElement('output');
    this.clock.className = 'ops-day-clock';
    this.told = document.createElement('span');
    this.told.className = 'ops-day-told';
    const speed = document.createElement('select');
    speed.className = 'form-select form-select-sm';
    speed.setAttribute('aria-label', say(WORDS.speed));
    speed.append(...SPEEDS.map((value) => new Option(`${value}×`, String(value), value === this.speed, value === this.speed)));
    speed.addEventListener('change', () => (this.speed = Number(speed.value)));
    const before = button('‹', say(WORDS.before), () => void this.open(story.before));
    const after = button('›', say(WORDS.after), () => void this.open(story.after));
    [before.disabled, after.disabled] = [!story.before, !story.after];
    const row = document.createElement('div');
    row.className = 'ops-day-row';
    row.append(this.toggle, this.clock, speed, before, date, after, this.told);
    this.element.replaceChildren(this.slider, row);
  }
}

/** @param {string} sign @param {string} title @param {() => void} onClick */
function button(sign, title, onClick) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'ops-transport-button';
  made.title = title;
  made.setAttribute('aria-label', title);
  made.textContent = sign;
  made.addEventListener('click', onClick);
  return made;
}

/** @param {number} value */
const two = (value) => String(Math.floor(value)).padStart(2, '0');
