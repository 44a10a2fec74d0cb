/** Walks through a story: the moment after any event, by taking the changes of each event on the way, forward or back. */

/**
 * What one event changes; without `before` or `after` there was or is nothing.
 * @typedef {{sheet: string, key: string, before?: any, after?: any}} Change
 * @typedef {object} Line one event, as the server tells it
 * @property {number} n
 * @property {string} at ISO instant
 * @property {number} worked working seconds since the start
 * @property {string} type
 * @property {string | null} element
 * @property {string | null} run
 * @property {string} tone
 * @property {string} text
 * @property {string} [detail]
 * @property {string} [who]
 * @property {string} [mark]
 * @property {boolean} [main]
 * @property {string} [flow]
 * @property {{before: string[], after: string[]}} [jump]
 * @property {string} [formUrl]
 * @property {[string, string][]} [reasons]
 * @property {Change[]} changes
 * @typedef {{instance: string, title: string, key: string | null, caseUrl: string, zone: string, events: Line[],
 *   versions: Record<string, Version>, called: Record<string, {storyUrl: string, title: string}>,
 *   people: Record<string, string>, groups: Record<string, string>,
 *   fields: Record<string, {label: string, options: Record<string, string>}>,
 *   files: Record<string, {name: string, url: string, thumbnail?: string}>}} Story
 * @typedef {{xmlUrl: string, version: number, labels: Record<string, string>, titles: Record<string, string>,
 *   rules: Record<string, [string, string][]>}} Version
 */

export class Walker {
  /** @param {Story} story */
  constructor(story) {
    this.story = story;
    this.events = story.events;
    /** Events that moved tokens by hand, in order. */
    this.jumps = story.events.filter((line) => line.jump);
    /** Numbers of the events at which the work went to another person. */
    this.handovers = handovers(story.events);
    /** @type {Map<string, number>} by element the number of the event that reached it first */
    this.reached = new Map();
    for (const line of story.events) {
      if (line.type === 'ElementEntered' && line.element && !this.reached.has(line.element)) this.reached.set(line.element, line.n);
    }
    /** How many events have happened. */
    this.position = 0;
    /** @type {Record<string, Record<string, any>>} sheets by name; see engine/history/moment.py */
    this.sheets = {};
  }

  /** @param {string} name */
  sheet(name) {
    return this.sheets[name] ?? {};
  }

  /** The event that happened last; undefined before the first. */
  get line() {
    return this.events[this.position - 1];
  }

  /** @param {number} position 0 … number of events */
  go(position) {
    const target = Math.max(0, Math.min(position, this.events.length));
    while (this.position < target) this.#take(this.events[this.position++].changes, 'after');
    while (this.position > target) this.#take([...this.events[--this.position].changes].reverse(), 'before');
  }

  /** @param {Change[]} changes @param {'before' | 'after'} side */
  #take(changes, side) {
    for (const change of changes) {
      const sheet = (this.sheets[change.sheet] ??= {});
      if (side in change) sheet[change.key] = change[side];
      else delete sheet[change.key];
    }
  }

  /**
   * The position after the next event that fits, in a direction; the present one when there is none.
   * @param {1 | -1} direction
   * @param {(line: Line) => boolean} fits
   */
  find(direction, fits) {
    for (let at = this.position - 1 + direction; at >= 0 && at < this.events.length; at += direction) {
      if (fits(this.events[at])) return at + 1;
    }
    return this.position;
  }

  /**
   * The last event up to now that fits.
   * @param {(line: Line) => boolean} fits
   */
  last(fits) {
    for (let at = this.position - 1; at >= 0; at -= 1) if (fits(this.events[at])) return this.events[at];
    return undefined;
  }

  /**
   * The position at an instant: after everything that had happened by then.
   * @param {string} instant ISO
   */
  at(instant) {
    const time = Date.parse(instant);
    return this.#before((line) => Date.parse(line.at) > time);
  }

  /**
   * The position after so much work.
   * @param {number} seconds working seconds since the start
   */
  worked(seconds) {
    return this.#before((line) => line.worked > seconds);
  }

  /** @param {(line: Line) => boolean} isLater true from some event on */
  #before(isLater) {
    let [first, last] = [0, this.events.length];
    while (first < last) {
      const middle = (first + last) >> 1;
      if (isLater(this.events[middle])) last = middle;
      else first = middle + 1;
    }
    return first;
  }
}

/** @param {Line[]} events @returns {Set<number>} */
function handovers(events) {
  const found = new Set();
  let before = '';
  for (const line of events) {
    if (line.main && line.who && before && line.who !== before) found.add(line.n);
    before = line.who ?? before;
  }
  return found;
}
