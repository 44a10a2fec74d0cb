"""Small diagrams as clients deploy them."""

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="defs" targetNamespace="http://bpmn.io/schema/bpmn">"""


def one_task(key: str = "after_sales", name: str = "售后上门", task: str = "") -> bytes:
    """A process of one user task, without a form; `task` are attributes of the task."""
    return f"""{_HEAD}
  <bpmn:process id="{key}" name="{name}" isExecutable="true" camunda:historyTimeToLive="180" camunda:versionTag="2026.1">
    <bpmn:startEvent id="begin"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="check" name="上门检查" camunda:candidateGroups="onsite" {task}>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:userTask>
    <bpmn:boundaryEvent id="no_part" name="缺件" attachedToRef="check"><bpmn:outgoing>c</bpmn:outgoing>
      <bpmn:errorEventDefinition errorRef="e"/></bpmn:boundaryEvent>
    <bpmn:userTask id="order_part" name="订购备件" camunda:candidateGroups="parts"><bpmn:incoming>c</bpmn:incoming><bpmn:outgoing>d</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="done"><bpmn:incoming>b</bpmn:incoming><bpmn:incoming>d</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="check"/>
    <bpmn:sequenceFlow id="b" sourceRef="check" targetRef="done"/>
    <bpmn:sequenceFlow id="c" sourceRef="no_part" targetRef="order_part"/>
    <bpmn:sequenceFlow id="d" sourceRef="order_part" targetRef="done"/>
  </bpmn:process>
  <bpmn:error id="e" name="缺件" errorCode="no_part"/>
</bpmn:definitions>""".encode()


def awaiting(message: str = "customer_confirmed", started_by: str = "customer_called", key: str = "confirmation") -> bytes:
    """A process that a message starts and that then waits for another."""
    return f"""{_HEAD}
  <bpmn:message id="m1" name="{message}"/><bpmn:message id="m2" name="{started_by}"/>
  <bpmn:process id="{key}" name="客户确认" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:startEvent id="called"><bpmn:outgoing>b</bpmn:outgoing><bpmn:messageEventDefinition messageRef="m2"/></bpmn:startEvent>
    <bpmn:receiveTask id="wait" name="等待确认" messageRef="m1"><bpmn:incoming>a</bpmn:incoming><bpmn:incoming>b</bpmn:incoming>
      <bpmn:outgoing>c</bpmn:outgoing></bpmn:receiveTask>
    <bpmn:userTask id="file" name="归档" camunda:candidateGroups="hotline"><bpmn:incoming>c</bpmn:incoming><bpmn:outgoing>d</bpmn:outgoing></bpmn:userTask>
    <bpmn:endEvent id="done"><bpmn:incoming>d</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="wait"/>
    <bpmn:sequenceFlow id="b" sourceRef="called" targetRef="wait"/>
    <bpmn:sequenceFlow id="c" sourceRef="wait" targetRef="file"/>
    <bpmn:sequenceFlow id="d" sourceRef="file" targetRef="done"/>
  </bpmn:process>
</bpmn:definitions>""".encode()


def faulty(key: str = "after_sales") -> bytes:
    """A process whose service task misspells a handler."""
    return (
        one_task(key)
        .replace(
            b'<bpmn:userTask id="order_part"', b'<bpmn:serviceTask camunda:type="external" camunda:topic="test.archve" id="order_part"'
        )
        .replace("订购备件".encode() + b'" camunda:candidateGroups="parts"', "订购备件".encode() + b'"')
        .replace(b"</bpmn:outgoing>\n    </bpmn:userTask>", b"</bpmn:outgoing>\n    </bpmn:serviceTask>")
    )
