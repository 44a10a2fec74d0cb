/** Downloads of histories: the browser saves the file by itself, a panel tells how far the server is, and cancels it. */
import { pageLanguage, say } from '../language.js';
import { csrfToken } from './htmx_setup.js';
import { tray } from './toasts.js';

const ASKED_EVERY_MS = 700;
/** Without progress for so long, the reader is told so. */
const STANDS_STILL_MS = 15_000;

/** @typedef {{state: 'running' | 'done' | 'cancelled' | 'failed', cases: number, done: number, bytes: number}} Run */

/** Every form with `data-export-runs` gets a panel when it is sent; the attribute says where runs can be asked for. */
export function followExports() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.exportRuns) return;
    const run = newId();
    hiddenField(form, 'run').value = run;
    form.closest('details')?.removeAttribute('open');
    show(form.dataset.exportRuns + run, new FormData(form).get('form')?.toString() ?? '');
  });
}

/** @returns {string} `crypto.randomUUID` is missing where the page does not come by https */
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {HTMLInputElement}
 */
function hiddenField(form, name) {
  const found = form.querySelector(`input[name=${name}]`);
  if (found instanceof HTMLInputElement) return found;
  const made = Object.assign(document.createElement('input'), { type: 'hidden', name });
  form.append(made);
  return made;
}

/**
 * @param {string} address of the run
 * @param {string} format
 */
function show(address, format) {
  const panel = build(format);
  let before = '';
  let movedAt = Date.now();
  const timer = setInterval(async () => {
    if (!panel.root.isConnected) clearInterval(timer);
    else tell(await ask(address));
  }, ASKED_EVERY_MS);
  panel.cancel.addEventListener('click', () => {
    panel.cancel.disabled = true;
    fetch(`${address}/cancel`, { method: 'POST', headers: { 'X-CSRFToken': csrfToken() } }).catch(() => (panel.cancel.disabled = false));
  });
  panel.close.addEventListener('click', () => panel.root.remove());

  /** @param {Run | null} run null: it has not begun, or the network is down */
  function tell(run) {
    if (!run) return;
    const now = JSON.stringify(run);
    if (now !== before) movedAt = Date.now();
    before = now;
    if (run.cases) Object.assign(panel.bar, { max: run.cases, value: Math.min(run.done, run.cases) });
    panel.words.textContent = wordsOf(run, Date.now() - movedAt > STANDS_STILL_MS);
    if (run.state === 'running') return;
    clearInterval(timer);
    panel.bar.remove();
    panel.cancel.remove();
    panel.words.setAttribute('role', run.state === 'done' ? 'status' : 'alert');
    panel.root.classList.replace('ops-tone-info', run.state === 'done' ? 'ops-tone-good' : 'ops-tone-bad');
  }
}

/**
 * @param {string} address
 * @returns {Promise<Run | null>}
 */
async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: 'application/json' } });
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** @param {string} format */
function build(format) {
  const root = document.createElement('section');
  root.className = 'ops-toast ops-tone-info ops-export';
  const name = `${say({ zh: '导出', en: 'Export' })} ${format.toUpperCase()}`;
  root.setAttribute('aria-label', name);
  const title = Object.assign(document.createElement('strong'), { textContent: name });
  const close = Object.assign(document.createElement('button'), { type: 'button', className: 'btn-close' });
  close.setAttribute('aria-label', say({ zh: '关闭', en: 'Close' }));
  const bar = document.createElement('progress');
  bar.setAttribute('aria-label', say({ zh: '进度', en: 'Progress' }));
  const words = Object.assign(document.createElement('p'), { textContent: say({ zh: '正在准备…', en: 'Getting ready…' }) });
  const cancel = Object.assign(document.createElement('button'), {
    type: 'button', className: 'btn', textContent: say({ zh: '取消', en: 'Cancel' }),
  });
  root.append(title, close, bar, words, cancel);
  tray().append(root);
  return { root, close, bar, words, cancel };
}

/**
 * @param {Run} run
 * @param {boolean} standsStill
 * @returns {string}
 */
function wordsOf(run, standsStill) {
  const number = new Intl.NumberFormat(pageLanguage());
  const size = sizeOf(run.bytes);
  if (run.state === 'done') {
    return say({
      zh: `完成：${number.format(run.cases)} 个案例，${size}（${number.format(run.bytes)} 字节）。文件由浏览器保存在下载里。`,
      en: `Done: ${caseCount(run.cases)}, ${size} (${number.format(run.bytes)} bytes). The browser saves the file among its downloads.`,
    });
  }
  if (run.state === 'cancelled') return say({ zh: '已取消或连接中断：没有完整的文件。', en: 'Cancelled, or the connection broke: there is no whole file.' });
  if (run.state === 'failed') {
    return say({
      zh: '导出没有成功：服务器出错，没有完整的文件。已下载的部分请删除，然后再试一次。',
      en: 'The export failed: an error on the server, there is no whole file. Delete what was downloaded and try again.',
    });
  }
  const far = say({
    zh: `${number.format(run.done)} / ${number.format(run.cases)} 个案例 · ${size}`,
    en: `${number.format(run.done)} of ${caseCount(run.cases)} · ${size}`,
  });
  const still = {
    zh: '有一会儿没有进展了：下载可能在浏览器里暂停，或者服务器停了。',
    en: 'No progress for a while: the download may be paused in the browser, or the server has stopped.',
  };
  return standsStill ? `${far} ${say(still)}` : far;
}

/** @param {number} cases */
const caseCount = (cases) => (cases === 1 ? '1 case' : `${new Intl.NumberFormat('en').format(cases)} cases`);

/** @param {number} bytes */
function sizeOf(bytes) {
  const units = ['kB', 'MB', 'GB'];
  const step = Math.min(units.length, Math.max(1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  return `${new Intl.NumberFormat(pageLanguage(), { maximumFractionDigits: 1 }).format(bytes / 1000 ** step)} ${units[step - 1]}`;
}
