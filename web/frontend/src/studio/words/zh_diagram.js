/** What the diagram editor says, in Chinese: the public dictionaries of bpmn-js and, over them, our own words. */
import diagram from 'bpmn-js-i18n/translations/zn.js';
import elements from 'bpmn-js-i18n-zh/lib/bpmn-js';
import camundaPanel from 'bpmn-js-i18n-zh/lib/camunda-properties-panel';
import panel from 'bpmn-js-i18n-zh/lib/properties-panel';
import { zhPanel } from './zh_panel.js';

/** Types as the panel names them. @type {import('../translation.js').Dictionary} */
const types = {
  Association: '关联',
  'Boundary Event': '边界事件',
  'Collapsed Sub Process': '折叠的子流程',
  'Business Rule Task': '决策任务',
  'Call Activity': '调用流程',
  Collaboration: '协作图',
  'Complex Gateway': '复杂网关',
  'Data Input Association': '数据输入关联',
  'Data Object Reference': '数据对象',
  'Data Output Association': '数据输出关联',
  'Data Store Reference': '数据存储',
  'End Event': '结束事件',
  'Event Based Gateway': '事件网关',
  'Event Sub Process': '事件子流程',
  'Exclusive Gateway': '排他网关',
  Group: '分组',
  'Inclusive Gateway': '包容网关',
  'Intermediate Catch Event': '中间捕获事件',
  'Intermediate Throw Event': '中间抛出事件',
  Lane: '泳道',
  'Manual Task': '手工任务',
  'Message Flow': '消息流',
  'Parallel Gateway': '并行网关',
  Participant: '泳池',
  Process: '流程',
  'Receive Task': '接收任务',
  'Script Task': '计算任务',
  'Send Task': '发送任务',
  'Sequence Flow': '顺序流',
  'Service Task': '系统任务',
  'Start Event': '开始事件',
  'Sub Process': '子流程',
  Task: '任务',
  'Text Annotation': '文字注释',
  Transaction: '事务',
  'User Task': '人工任务',
};

/** The menus write `User task` where the panel writes `User Task`. @param {string} name */
const asInMenus = (name) => name[0] + name.slice(1).toLowerCase();

/** @type {import('../translation.js').Dictionary} */
const own = {
  // tools
  'Activate hand tool': '移动画布',
  'Activate lasso tool': '框选',
  'Activate create/remove space tool': '增减空间',
  'Activate global connect tool': '连线',
  'Create element': '新建元素',
  'Append element': '追加元素',
  'Change element': '更改元素',
  'Search in diagram': '在图中搜索',
  'Search element': '搜索元素',
  'Open minimap': '打开缩略图',
  'Close minimap': '收起缩略图',
  'Drag to resize': '拖动改变大小',
  'Align elements': '对齐元素',
  'Align elements ': '对齐元素',
  // menus
  Events: '事件',
  Tasks: '任务',
  Gateways: '网关',
  'Sub-processes': '子流程',
  Data: '数据',
  Participants: '参与者',
  Templates: '模板',
  'Expanded pool/participant': '展开的泳池',
  'Empty pool/participant': '空泳池',
  'Boundary event': '边界事件',
  'Event based instantiating Gateway': '事件启动网关',
  'Parallel Event based instantiating Gateway': '并行事件启动网关',
  'Ad-hoc sub-process': '特定子流程',
  ...types,
  ...Object.fromEntries(Object.entries(types).map(([en, zh]) => [asInMenus(en), zh])),
  ...Object.fromEntries(['Start', 'End', 'Boundary', 'Intermediate Catch', 'Intermediate Throw'].flatMap((place) => {
    const places = { Start: '开始', End: '结束', Boundary: '边界', 'Intermediate Catch': '中间捕获', 'Intermediate Throw': '中间抛出' };
    const kinds = {
      Message: '消息', Timer: '定时', Conditional: '条件', Signal: '信号', Error: '错误', Escalation: '升级', Compensate: '补偿',
      Compensation: '补偿', Cancel: '取消', Terminate: '终止', Link: '链接',
    };
    const named = /** @type {Record<string, string>} */ (places);
    return Object.entries(kinds).map(([kind, zh]) => [`${kind} ${place} Event`, `${zh}${named[place]}事件`]);
  })),
};

export const zhDiagram = { ...diagram, ...elements, ...panel, ...camundaPanel, ...zhPanel, ...own };

/** Parts without a translate hook: token simulation, and what the panel writes by itself. */
export const zhDiagramInPlace = {
  ...zhDiagram,
  'Powered by bpmn.io': '由 bpmn.io 提供',
  'Select a template': '选择模板',
  'Token Simulation': '走流程演示',
  'Simulation Log': '演示记录',
  'Toggle Simulation Log': '显示或收起演示记录',
  'Reset Simulation': '重新演示',
  'Play/Pause Simulation': '播放或暂停演示',
  'Play Simulation': '播放演示',
  'Pause Simulation': '暂停演示',
  'Set Animation Speed': '演示速度',
  'Set animation speed = {}': '演示速度：{}',
  Slow: '慢',
  Normal: '正常',
  Fast: '快',
  'Focus process instance {}': '看实例 {}',
  'Set Sequence Flow': '选择走哪条',
  'Add pause point': '在这里停一下',
  'Remove pause point': '不在这里停',
  'Trigger Event': '触发',
  'No Entries': '还没有记录',
  'Process {} started': '流程 {} 开始',
  'Process {} finished': '流程 {} 结束',
  'Process {} canceled': '流程 {} 取消',
  'SubProcess {} started': '子流程 {} 开始',
  'SubProcess {} finished': '子流程 {} 结束',
  Finished: '已结束',
  'Sub Process': '子流程',
};
