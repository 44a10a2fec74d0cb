/** Instants as the reader's language writes them, in the office's time zone. */

/** @param {string} iso @param {string} zone IANA name */
export const instant = (iso, zone) =>
  new Date(iso).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
