/** What the form editor says, in Chinese. It has no translate hook: its texts are replaced where they appear. */
import { zhPanel } from './zh_panel.js';

/** @type {import('../translation.js').Dictionary} */
const components = {
  'Text field': '单行文字', 'Text area': '多行文字', Number: '数字', 'Date time': '日期时间', Expression: '表达式', 'File picker': '文件',
  Checkbox: '勾选框', 'Checkbox group': '多选', 'Radio group': '单选', Select: '下拉选择', 'Tag list': '标签', 'Text view': '说明文字',
  'HTML view': 'HTML 内容', 'Image view': '图片', Table: '表格', 'Document preview': '文档预览', Spacer: '留白', Separator: '分割线',
  Group: '分组', 'Dynamic list': '重复列表', iFrame: '内嵌网页', Button: '按钮', Date: '日期', Form: '表单', Image: '图片', Text: '文字',
};

/** @type {import('../translation.js').Dictionary} */
const board = {
  Components: '组件', 'Search components': '搜索组件', 'Clear content': '清空', 'No components found.': '没有这样的组件。',
  Input: '输入', Selection: '选择', Presentation: '展示', Containers: '容器', Action: '操作',
  'Build your form': '制作表单', 'Drag and drop components here to start designing.': '把组件拖到这里开始制作。',
  'Drag and drop components here.': '把组件拖到这里。', 'Use the preview window to test your form.': '用“预览”试填。',
  'Opened in popup': '正在窗口中编辑', 'Select a form field to edit its properties.': '选择一个栏目来编辑它的属性。',
  'Multiple form fields are selected. Select a single form field to edit its properties.': '选了多个栏目。选择一个来编辑它的属性。',
  Repeatable: '可重复', 'Remove form field': '删除栏目', 'Create {} element': '新建 {}', 'Remove {}': '删除{}',
  'List contains {} item': '{} 项', 'List contains {} items': '{} 项', 'Nothing to show.': '暂无内容。',
  'No content to show.': '没有可显示的内容。', Browse: '选择文件', 'No files selected': '未选择文件', 'Add new': '新增一行',
  'Expression is empty': '表达式是空的', "Expression for '{}'": '“{}”的表达式', Content: '内容',
  'yyyy/mm/dd': '年/月/日', 'hh:mm': '时:分', 'hh:mm --': '时:分',
  'Text view is empty': '说明文字是空的', 'Text view is populated by an expression': '说明文字由表达式给出', 'Text view is templated': '说明文字是模板',
  'Html view is empty': 'HTML 内容是空的', 'Html view is populated by an expression': 'HTML 内容由表达式给出', 'Html view is templated': 'HTML 内容是模板',
  'Previous page': '上一页', 'Next page': '下一页', Increment: '增加', Decrement: '减少', Search: '搜索', 'Remove tag': '移除标签',
  'Powered by bpmn.io': '由 bpmn.io 提供', 'Skip to search': '跳到搜索框',
  'Web-based tooling for BPMN, DMN, and forms powered by': 'BPMN、DMN 和表单的网页工具，来自', Download: '下载',
  'Click to remove sorting': '点击取消排序', 'Click to sort by {} descending': '点击按 {} 降序', 'Click to sort by {} ascending': '点击按 {} 升序',
};

/** @type {import('../translation.js').Dictionary} */
const fields = {
  Condition: '条件', Layout: '布局', Appearance: '外观', Validation: '校验', Serialization: '存储格式', Constraints: '限制',
  'Options source': '选项来源', 'Static options': '固定选项', 'Dynamic options': '动态选项', 'Options expression': '选项表达式',
  'Headers source': '表头来源', 'Header items': '表头', 'Security attributes': '安全设置', 'Custom properties': '自定义属性',
  Key: '变量名', Path: '路径', 'Field label': '栏目名称', 'Group label': '分组名称', 'Table label': '表格名称', Title: '标题',
  'Field description': '栏目说明', 'Default value': '默认值', Checked: '已勾选', 'Not checked': '未勾选', Disabled: '停用', 'Read only': '只读',
  'Deactivate if': '停用条件', 'Condition under which the field is deactivated': '满足时栏目停用', Required: '必填',
  'Hide if': '隐藏条件', 'Condition under which the field is hidden': '满足时隐藏（结果为空也会隐藏）',
  'Minimum length': '最少字数', 'Maximum length': '最多字数', Minimum: '最小值', Maximum: '最大值',
  'Validation pattern': '格式', Custom: '自定义', Email: '邮箱', Phone: '电话', 'Custom regular expression': '正则表达式',
  'Custom error message': '出错时的提示',
  'The error message to display when the input does not match the regular expression.': '格式不符时显示的提示。',
  Columns: '占几列', Auto: '自动', 'Vertical alignment': '垂直对齐', Top: '上', Center: '中', Bottom: '下', Height: '高度',
  'Show outline': '显示边框', Prefix: '前缀', Suffix: '后缀', Label: '名称', Value: '值', Type: '类型',
  'Date label': '日期栏名称', 'Time label': '时间栏名称', Subtype: '种类', 'Use 24h': '24 小时制', 'Disallow past dates': '不许选过去的日期',
  'Time interval': '时间间隔', 'Time format': '时间格式', Time: '时间', 'Date & Time': '日期和时间', 'Date & time': '日期和时间',
  'UTC offset': '带 UTC 偏移', 'UTC normalized': '统一为 UTC', 'No timezone': '不带时区',
  'Decimal digits': '小数位数', 'Output as string': '存为文字', 'Allows arbitrary precision values': '精度不受限制',
  Searchable: '可搜索', 'Input values key': '提供选项的变量', 'Define which input property to populate the values from': '选项来自哪个变量',
  'Define an expression to populate the options from.': '给出选项的表达式。', 'List of items': '固定列表', 'Input data': '输入数据',
  'Binds to a form variable': '存到这个变量', 'Where the child variables of this component are pathed to.': '里面的变量放在哪个路径下。',
  'Routes the children of this component into a form variable, may be left empty to route at the root level.': '里面的变量放到哪个变量下，可空。',
  'Default number of items': '默认行数', 'Allow add/delete items': '可增删行', 'Disable collapse': '不折叠',
  'Number of non-collapsing items': '不折叠的行数',
  'Alternative text': '替代文字', 'Descriptive text for screen reader accessibility.': '给读屏软件的描述。', 'Image source': '图片地址',
  'Expression or static value (link/data URI)': '表达式或地址',
  'Link referring to a hosted image, or use a data URI directly to embed image data into the form.': '图片的地址，或直接嵌入的数据。',
  'Supported file formats': '支持的文件格式', 'Upload multiple files': '可传多个文件', 'A comma-separated list of': '用逗号分开的',
  'file type specifiers': '文件类型', 'Document reference': '文档', 'Max height of preview container': '预览的最大高度',
  'Documents whose height exceeds the defined value in pixels will be vertically scrollable': '超过这个像素高度时可滚动',
  'Data source': '数据来源', 'Specify the source from which to populate the table': '表格的数据来自哪里',
  'Enter a form input variable that contains the data for the table or define an expression to populate the data dynamically.':
    '填写含有数据的变量，或给出数据的表达式。',
  Pagination: '分页', 'Number of rows per page': '每页行数', Column: '列', 'Specify an expression to populate column items': '给出各列的表达式',
  'Target value': '目标值', 'Compute on': '何时计算', 'Value changes': '值变化时', 'Form submission': '提交时',
  'Define an expression to calculate the value of this field': '计算这个栏目的表达式', Submit: '提交', Reset: '重置',
  'Height of the container in pixels.': '高度（像素）。', 'Version tag by which this form can be referenced.': '引用这张表单时用的版本标签。',
  ['Disable this field when it should not be interactive for end-users. '
    + 'Its data will not be submitted. This setting takes precedence over read-only.']:
    '停用后不能填写，也不会提交；优先于只读。',
  ['Make this field read-only when it cannot be edited by the end-user, '
    + 'but its content is important for them to see. Its data will still be submitted.']:
    '只读后不能修改但能看到，仍会提交。',
  'Add properties directly to the form schema, useful to configure functionality in custom-built task applications and form renderers.':
    '直接写进表单文件的附加属性。',
  'Supports markdown and templating.': '可用 Markdown 和模板。',
  'Supports HTML, styling, and templating. Styles are automatically scoped to the HTML component.': '可用 HTML、样式和模板，样式只作用于此处。',
  ['These options can incur security risks, especially if used in combination with dynamic links. Ensure that you are aware of them, '
    + 'that you trust the source url and only enable what your use case requires.']:
    '这些选项有安全风险，与动态网址合用时尤其如此。请只在信任来源时启用需要的几项。',
  'Learn more': '了解更多', 'Learn more.': '了解更多。', 'Learn more in our': '详见', documentation: '文档', Content: '内容',
  URL: '网址', 'Script execution': '执行脚本', 'Allow same origin': '视为同源', 'Open in fullscreen': '全屏', Geolocation: '定位',
  'Camera access': '使用摄像头', 'Microphone access': '使用麦克风', 'Forms submission': '提交表单', 'Open modal windows': '打开对话框',
  'Open popups': '打开窗口', 'Top level navigation': '跳转整个页面', 'Storage access by user': '访问存储',
  'Enter a HTTPS URL to a source or populate it dynamically via a template or an expression (e.g., to pass a value from the variable).':
    'HTTPS 网址，或用模板、表达式给出。',
  'Please make sure that the URL is safe as it might impose security risks.': '请确认网址安全。',
  'Not all external sources can be displayed in the iFrame. Read more about it in the': '不是所有网页都能内嵌，详见',
  'X-FRAME-OPTIONS documentation': 'X-FRAME-OPTIONS 说明', 'MDN iFrame documentation.': 'MDN 的 iFrame 说明。',
  'Allow the iframe to access more functionality of your browser, details regarding the various options can be found in the':
    '允许内嵌网页使用浏览器的更多功能，详见',
  'A source is a JSON object containing metadata for a document or an array of documents.': '来源是一个或多个文档的 JSON 信息。',
  'Each entry must include a document ID, name, and MIME type.': '每项要有文档标识、名称和类型。',
  'Additional details are optional. The expected format is as follows:': '其他信息可选，格式如下：',
  'The input property may be an array of simple values or alternatively follow this schema:': '可以是一列值，或按这种格式：',
  'The expression may result in an array of simple values or alternatively follow this schema:': '结果可以是一列值，或按这种格式：',
};

/** @type {import('../translation.js').Dictionary} */
const mistakes = {
  'Must not be empty.': '不能为空。', 'Must not be empty': '不能为空', 'Must be unique.': '不能重复。', 'Must not contain spaces.': '不能有空格。',
  'Must not contain prefix.': '不能有前缀。', 'Must be a valid QName.': '只能由字母、数字、下划线、连字符和点组成，且以字母开头。',
  'Must be a variable or a dot separated path.': '应为变量名，或用点分开的路径。', 'Must not contain numerical path segments.': '路径中不能有数字段。',
  'Must not be a prohibited path.': '不能用这个路径。', 'Must not cause two binding paths to collide': '与别的栏目重复',
  'Should be an integer.': '应为整数。', 'A number is required.': '请填数字。', 'Should be greater than zero.': '应大于零。',
  'Should be a valid number.': '应为数字。', 'Should be a valid number': '应为数字', 'Should be greater than or equal to zero.': '不能小于零。',
  'Must be number': '应为数字', 'The document data source is required.': '请填文档来源。', 'Value must be a number.': '应为数字。',
};

export const zhForm = { ...zhPanel, ...components, ...board, ...fields, ...mistakes };

/** What new components are called at first. */
export const zhNewComponents = components;
