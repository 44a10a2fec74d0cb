/** Two forms scroll together: the first field in sight of the one stands as high in the other, if it is there. */

/**
 * @param {HTMLElement} before
 * @param {HTMLElement} after
 */
export function scrollTogether(before, after) {
  /** @type {HTMLElement | null} */
  let leader = null;
  for (const [one, other] of [[before, after], [after, before]]) {
    one.addEventListener('scroll', () => {
      if (leader && leader !== one) return; // moved by the other
      leader = one;
      follow(one, other);
      requestAnimationFrame(() => requestAnimationFrame(() => (leader = null)));
    });
  }
}

/**
 * @param {HTMLElement} sheet
 * @param {string} id
 * @returns {HTMLElement | null} a field of the form
 */
export const fieldOf = (sheet, id) => sheet.querySelector(`[data-field="${CSS.escape(id)}"]`);

/** @param {HTMLElement} leader @param {HTMLElement} follower */
function follow(leader, follower) {
  const top = leader.getBoundingClientRect().top;
  for (const field of /** @type {NodeListOf<HTMLElement>} */ (leader.querySelectorAll('[data-field]'))) {
    const twin = fieldOf(follower, field.dataset.field ?? '');
    const box = field.getBoundingClientRect();
    if (!twin || box.bottom <= top || box.height === 0) continue;
    follower.scrollTop += twin.getBoundingClientRect().top - follower.getBoundingClientRect().top - (box.top - top);
    return;
  }
}
