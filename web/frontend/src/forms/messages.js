/** What form-js says, in Chinese; English is the template itself. */

/** @type {Record<string, string>} */
export const zh = {
  'Field is required.': '此项必填。',
  'Field must have minimum value of {value}.': '不能小于 {value}。',
  'Field must have maximum value of {value}.': '不能大于 {value}。',
  'Field must have minimum length of {value}.': '至少 {value} 个字符。',
  'Field must have maximum length of {value}.': '最多 {value} 个字符。',
  'Field must match pattern {value}.': '格式不正确（{value}）。',
  'Field must be a valid email.': '请输入有效的邮箱地址。',
  'Field must be a valid international phone number. (e.g. +4930664040900)': '请输入带国家代码的电话（如 +8613800138000）。',
  'Value is not a number.': '请输入数字。',
  'Value is expected to be an integer.': '请输入整数。',
  'Value is expected to have at most 1 decimal digit.': '最多 1 位小数。',
  'Value is expected to have at most {value} decimal digits.': '最多 {value} 位小数。',
  'Min validation value is not a valid number.': '最小值的设定不是数字，请告知流程负责人。',
  'Max validation value is not a valid number.': '最大值的设定不是数字，请告知流程负责人。',
  'Please select a valid value, the two nearest valid values are {previousValue} and {nextValue}.':
    '请输入有效值，最接近的是 {previousValue} 和 {nextValue}。',
  'Date and time must both be entered.': '日期和时间都要填写。',
  Increment: '增加',
  Decrement: '减少',
  Search: '搜索',
  Select: '请选择',
  'No results': '没有匹配项',
  'All values selected': '已全部选择',
  'Skip to search': '跳到搜索框',
  'Remove tag': '移除标签',
  'Nothing to show.': '暂无内容。',
  'No content to show.': '没有可显示的内容。',
  "External content couldn't be loaded.": '外部内容无法加载。',
  '{page} of {total}': '第 {page} / {total} 页',
  'Previous page': '上一页',
  'Next page': '下一页',
  'Click to sort by {value} descending': '点击按 {value} 降序排列',
  'Click to sort by {value} ascending': '点击按 {value} 升序排列',
  'Click to remove sorting': '点击取消排序',
  'No files selected': '未选择文件',
  '{value} files selected': '已选 {value} 个文件',
  'Document reference is not defined.': '没有指定文档。',
  'Unable to download document': '文档无法下载',
  'Download {fileName}': '下载 {fileName}',
  'Add new': '新增一行',
  Collapse: '收起',
  'Expand all ({value})': '展开全部（{value}）',
};

/**
 * The translate function that form-js asks for its messages.
 * @param {Record<string, string> | null} dictionary null for English
 * @returns {(template: string, values?: Record<string, unknown>) => string}
 */
export function translator(dictionary) {
  return (template, values = {}) => {
    const words = dictionary?.[template] ?? template;
    return words.replace(/\{([^}]+)\}/g, (placeholder, name) => String(values[name] ?? placeholder));
  };
}
