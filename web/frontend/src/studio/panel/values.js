/** Where the fields of the panel keep what is chosen. */

/** @typedef {import('./subject.js').Subject} Subject */
/** @typedef {import('./entries.js').Value} Value */

/**
 * An attribute of the element.
 * @param {Subject} subject
 * @param {string} name
 * @param {Record<string, string>} [together] attributes that go with it
 * @returns {Value}
 */
export const attribute = (subject, name, together = {}) => ({
  get: () => subject.get(name) ?? '',
  set: (value) => {
    const others = Object.fromEntries(Object.entries(together).map(([key, fixed]) => [key, value ? fixed : undefined]));
    subject.set({ [name]: value || undefined, ...others });
  },
});

/** A property of our own. @param {Subject} subject @param {string} name @returns {Value} */
export const ownProperty = (subject, name) => ({
  get: () => subject.property(name),
  set: (value) => subject.setProperty(name, value),
});

/** An input parameter. @param {Subject} subject @param {string} name @returns {Value} */
export const inputParameter = (subject, name) => ({
  get: () => subject.input(name),
  set: (value) => subject.setInput(name, value),
});

/**
 * An expression that the file writes without its `=`: conditions, scripts, timers.
 * @param {() => string} read
 * @param {(text: string) => void} write
 * @param {(text: string) => boolean} [isPlain] tells what is no expression
 * @returns {Value}
 */
export const bareExpression = (read, write, isPlain = () => false) => ({
  get: () => {
    const words = read();
    return !words || isPlain(words) || words.startsWith('=') ? words : `=${words}`;
  },
  set: (value) => write(value.replace(/^=\s*/, '')),
});

/**
 * A message or an error that the file declares once and elements refer to.
 * @param {Subject} subject
 * @param {any} holder what refers to it: the element or its event definition
 * @param {{reference: string, type: string, key: string}} kind
 * @returns {Value}
 */
export const declared = (subject, holder, { reference, type, key }) => ({
  get: () => holder.get(reference)?.get(key) ?? '',
  set: (value) => subject.set({ [reference]: value ? subject.rootElement(type, key, value) : undefined }, holder),
});
