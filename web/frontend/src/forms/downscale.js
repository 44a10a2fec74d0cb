/** Photos of phones are many megabytes: a smaller JPEG is enough to see what matters and travels on a weak network. */

const LONGEST_SIDE_PX = 1600;
const QUALITY = 0.82;

/**
 * @param {File} file
 * @returns {Promise<Blob>} a JPEG of at most 1600 px; the file itself when the browser cannot read it as a picture
 */
export async function downscale(file) {
  const picture = await readPicture(file);
  if (!picture) return file;
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  return blob ?? file;
}

/** @param {File} file @returns {Promise<ImageBitmap | null>} */
async function readPicture(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return null;
  }
}
