/** What the engine refuses (docs/supported-bpmn.md) is not offered: not to create, not to append, not to change something into. */

const MENUS = ['bpmn-create', 'bpmn-append', 'bpmn-replace'];
/** Entries of the menus, by the end of their ids: what never runs, what runs in event sub-processes only, in transactions only. */
const NEVER = /(ad-hoc-subprocess|complex-gateway|none-boundary-event)$/;
const IN_EVENT_SUB_PROCESS = /(conditional|error|escalation|compensation)-start$/;
const IN_TRANSACTION = /cancel-(end|boundary)$/;
/** After all others, so that nothing comes back. */
const LAST = 1;

class OnlySupported {
  static $inject = ['popupMenu'];

  /** @param {any} popupMenu */
  constructor(popupMenu) {
    for (const menu of MENUS) popupMenu.registerProvider(menu, LAST, this);
  }

  /**
   * @param {any} target what is appended to or changed; for a new element the drawing, and where it goes is not known yet
   * @returns {(entries: Record<string, object>) => Record<string, object>}
   */
  getPopupMenuEntries(target) {
    return (entries) => Object.fromEntries(Object.entries(entries).filter(([id]) => isSupported(id, target)));
  }
}

/** @param {string} id @param {any} target */
function isSupported(id, target) {
  const { $type, $parent } = target?.businessObject ?? {};
  const isPlaced = /^(append|replace)/.test(id) && Boolean($parent) && $type !== 'bpmn:Process';
  const scope = $type === 'bpmn:BoundaryEvent' ? target.host?.businessObject : $parent;
  if (NEVER.test(id)) return false;
  if (IN_EVENT_SUB_PROCESS.test(id)) return !isPlaced || Boolean($parent.triggeredByEvent);
  return !IN_TRANSACTION.test(id) || !isPlaced || scope?.$type === 'bpmn:Transaction';
}

export const onlySupportedModule = { __init__: ['onlySupported'], onlySupported: ['type', OnlySupported] };
