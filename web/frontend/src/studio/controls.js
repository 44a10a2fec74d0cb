/** Small pieces of the workbench: elements with attributes, buttons, files to keep. */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {(string | Node)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

/**
 * @param {string} text
 * @param {() => void} onClick
 * @param {{className?: string, title?: string}} [look]
 */
export function button(text, onClick, { className = 'btn btn-sm', title = '' } = {}) {
  const made = make('button', className, text);
  made.type = 'button';
  if (title) {
    made.title = title;
    made.setAttribute('aria-label', title);
  }
  made.addEventListener('click', onClick);
  return made;
}

/**
 * Gives a file to the person.
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address));
}

/**
 * A vector picture drawn in pixels, twice as large so that it can be printed.
 * @param {string} svg
 * @returns {Promise<Blob>}
 */
export async function asPng(svg) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const sheet = document.createElement('canvas');
  sheet.width = picture.naturalWidth * 2;
  sheet.height = picture.naturalHeight * 2;
  const pen = /** @type {CanvasRenderingContext2D} */ (sheet.getContext('2d'));
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.drawImage(picture, 0, 0, sheet.width, sheet.height);
  return new Promise((resolve, reject) => {
    sheet.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png');
  });
}
