/** Names in another language: replaced in the read model before it is drawn; the file itself is not touched. */

/** English words are wider than Chinese ones: labels get more room, up to the width that bpmn-js gives to new ones. */
const WIDEST = 90;
const LETTER_WIDTH = 5.8;
const LINE_HEIGHT = 14;

/** @typedef {{x: number, y: number, width: number, height: number}} Bounds */

/**
 * @param {Record<string, any>} elementsById
 * @param {Record<string, string>} labels Chinese name to English name
 */
export function nameInEnglish(elementsById, labels) {
  const elements = Object.values(elementsById);
  for (const element of elements) {
    if (element.name) element.name = labels[element.name.trim()] ?? element.name;
    if (element.text) element.text = labels[element.text.trim()] ?? element.text;
  }
  for (const drawn of elements) {
    const name = drawn.bpmnElement?.name;
    if (name && drawn.label?.bounds) makeRoom(drawn.label.bounds, drawn.bounds, name);
  }
}

/**
 * Widens a label away from its shape.
 * @param {Bounds} label
 * @param {Bounds | undefined} shape none for flows
 * @param {string} name
 */
function makeRoom(label, shape, name) {
  const width = Math.max(label.width, Math.min(WIDEST, name.length * LETTER_WIDTH + 12));
  const more = width - label.width;
  const isLeft = shape && label.x + label.width <= shape.x + 2;
  const isRight = shape && label.x >= shape.x + shape.width - 2;
  const isAbove = shape && label.y + label.height <= shape.y + 2;
  if (isLeft) label.x -= more;
  else if (!isRight) label.x -= more / 2;
  if (isAbove) label.y -= (Math.ceil((name.length * LETTER_WIDTH) / width) - 1) * LINE_HEIGHT;
  label.width = width;
}
