/** A day as a pure function of its clock: where tokens stand and which are on their way. */

/** How long a token is seen on a flow, in seconds of the day: really it takes no time at all. */
const TRAVEL_S = 900;

/**
 * @typedef {{day: string, before: string | null, after: string | null, length: number, cases: number,
 *   moves: [number, string][], stays: [string, number, number][]}} DayStory
 */

export class Day {
  /** @param {DayStory} story */
  constructor(story) {
    this.story = story;
    /** @type {Map<string, {begins: number[], ends: number[]}>} */
    this.places = new Map();
    for (const [element, from, to] of story.stays) {
      const place = this.places.get(element) ?? { begins: [], ends: [] };
      place.begins.push(from);
      place.ends.push(to);
      this.places.set(element, place);
    }
    for (const place of this.places.values()) {
      place.begins.sort((a, b) => a - b);
      place.ends.sort((a, b) => a - b);
    }
    const instants = story.moves.map(([at]) => at);
    this.opens = Math.min(8 * 3600, Math.floor((instants[0] ?? 8 * 3600) / 3600) * 3600);
    this.closes = Math.min(story.length, Math.max(18 * 3600, Math.ceil(((instants.at(-1) ?? 0) + TRAVEL_S) / 3600) * 3600));
  }

  /** How many tokens stand at each element. @param {number} time seconds since midnight */
  standing(time) {
    /** @type {Map<string, number>} */
    const found = new Map();
    for (const [element, { begins, ends }] of this.places) {
      const count = upTo(begins, time) - upTo(ends, time);
      if (count > 0) found.set(element, count);
    }
    return found;
  }

  /**
   * The tokens on their way: which flow, and what share of it is behind them.
   * @param {number} time seconds since midnight
   * @returns {{flow: string, share: number}[]}
   */
  moving(time) {
    const { moves } = this.story;
    let place = upTo(moves, time, ([at]) => at);
    const found = [];
    while (place > 0 && moves[place - 1][0] > time - TRAVEL_S) {
      place -= 1;
      found.push({ flow: moves[place][1], share: (time - moves[place][0]) / TRAVEL_S });
    }
    return found;
  }

  /** How many moves have happened. @param {number} time */
  moved(time) {
    return upTo(this.story.moves, time, ([at]) => at);
  }
}

/**
 * How many of the sorted items are not above a value.
 * @template T
 * @param {T[]} items
 * @param {number} value
 * @param {(item: T) => number} [of]
 */
function upTo(items, value, of = (item) => Number(item)) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(items[middle]) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
