/** Two diagrams show the same place: whoever is moved, zoomed or opened takes the other along. */

/** @typedef {Awaited<ReturnType<typeof import('./version.js').openVersion>>} OpenVersion */

/**
 * @param {OpenVersion} before
 * @param {OpenVersion} after
 * @returns {() => void} lets each go its own way again
 */
export function keepTogether(before, after) {
  let isFollowing = false;
  /** @param {OpenVersion} leader @param {OpenVersion} follower */
  const lead = (leader, follower) => {
    const move = () => {
      if (isFollowing) return;
      isFollowing = true;
      const plane = leader.view.canvas.getRootElement();
      const same = follower.view.canvas.getRootElements().find((/** @type {any} */ root) => root.id === plane.id);
      if (same && follower.view.canvas.getRootElement() !== same) follower.view.canvas.setRootElement(same);
      const { x, y, width, height } = leader.view.canvas.viewbox();
      follower.view.canvas.viewbox({ x, y, width, height });
      follower.view.isTouchedByReader = true;
      isFollowing = false;
    };
    leader.events.on(['canvas.viewbox.changed', 'root.set'], move);
    return () => leader.events.off(['canvas.viewbox.changed', 'root.set'], move);
  };
  const ends = [lead(after, before), lead(before, after)];
  return () => ends.forEach((end) => end());
}
