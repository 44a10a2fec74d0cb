/** Texts with places for values. */
import { say } from '../language.js';

/** @param {import('../language.js').Bilingual} words @param {Record<string, string>} values */
export const put = (words, values) => say(words).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
