/** What the colours of a comparison mean. */

/** @param {boolean} inEnglish */
export function legend(inEnglish) {
  const list = document.createElement('ul');
  list.className = 'ops-compare-legend';
  const words = inEnglish
    ? { added: 'new', changed: 'changed', moved: 'moved', removed: 'removed' }
    : { added: '新增', changed: '修改', moved: '位置调整', removed: '删除' };
  for (const [mark, text] of Object.entries(words)) {
    const item = document.createElement('li');
    item.className = `ops-differs-${mark}`;
    item.textContent = text;
    list.append(item);
  }
  return list;
}
