/** Instants as the reader's language writes them, in the office's time zone. */

/** @type {Map<string, Intl.DateTimeFormat>} by time zone: to make one takes longer than a hundred instants */
const formats = new Map();

/** @param {string} iso @param {string} zone IANA name */
export function instant(iso, zone) {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
    formats.set(zone, format);
  }
  return format.format(new Date(iso));
}
