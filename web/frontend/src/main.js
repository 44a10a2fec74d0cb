/** The entry of every page: styles, the UI kit, htmx, and the islands that the page contains. */
import '@tabler/core/dist/css/tabler.min.css';
import './styles/tokens.css';
import './styles/shell.css';
import './styles/work.css';
import '@tabler/core/dist/js/tabler.esm.min.js';
import { setUpHtmx } from './shell/htmx_setup.js';
import { followExports } from './shell/exports.js';
import { followChanges } from './shell/change_list.js';
import { showElementNotes } from './shell/element_notes.js';
import { keepLive } from './shell/live.js';
import { pickElements } from './shell/pick_element.js';
import { arrangePhoneTabs } from './shell/phone_tabs.js';
import { keepTimesRelative } from './shell/relative_times.js';
import { showSteps } from './shell/show_step.js';
import { receiveToasts, showWaitingToasts } from './shell/toasts.js';
import { mountIslands } from './islands/mount.js';

/** @param {ParentNode} root a fresh piece of page: the document, or what htmx swapped in */
function bringToLife(root) {
  mountIslands(root);
  arrangePhoneTabs(root);
  keepTimesRelative(root);
  keepLive(root);
  showWaitingToasts(root);
}

receiveToasts();
pickElements();
followChanges();
followExports();
showElementNotes();
showSteps();
setUpHtmx(bringToLife);
bringToLife(document);
