// The client of Camunda 7 for JavaScript against a live server: completes, fails and tries again, reports a BPMN error, extends its lock, sends and loads a file.
// Arguments: base URL, token. Prints one line of JSON for each thing done; runs until it is stopped.
import { Client, File, Variables } from "camunda-external-task-client-js";

const [baseUrl, token] = process.argv.slice(2);
const bearer = (config) => ({ ...config, headers: { ...config.headers, Authorization: `Bearer ${token}` } });
const client = new Client({ baseUrl, interceptors: bearer, workerId: "js", asyncResponseTimeout: 5000, interval: 50, maxTasks: 5 });
const say = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));

client.on("fetch:error", (error) => say("fetch:error", { message: error.message }));
for (const action of ["complete", "handleFailure", "handleBpmnError", "extendLock"]) {
  client.on(`${action}:error`, (task, error) => say(`${action}:error`, { message: error.message }));
}

client.subscribe("js.complete", async ({ task, taskService }) => {
  await taskService.extendLock(task, 60_000);
  say("extended");
  const answer = new Variables().setAllTyped({
    greeting: { type: "string", value: `你好，${task.variables.get("name")}`, valueInfo: {} },
    when: { type: "date", value: task.variables.get("when"), valueInfo: {} },
    order: { type: "json", value: { parts: [1, 2] }, valueInfo: {} },
  });
  await taskService.complete(task, answer);
  say("completed", { businessKey: task.businessKey, retries: task.retries ?? null });
});

client.subscribe("js.flaky", async ({ task, taskService }) => {
  if (task.retries === null || task.retries === undefined) {
    await taskService.handleFailure(task, { errorMessage: "timeout", errorDetails: "line 1", retries: 1, retryTimeout: 100 });
    say("failed");
  } else {
    await taskService.complete(task, new Variables().set("attempts_left", task.retries));
    say("recovered", { errorMessage: task.errorMessage });
  }
});

client.subscribe("js.error", async ({ task, taskService }) => {
  await taskService.handleBpmnError(task, "NO_PART", "缺件", new Variables().set("missing", "A-1"));
  say("reported");
});

client.subscribe("js.file.write", async ({ task, taskService }) => {
  const photo = await new File({ localPath: process.argv[4], filename: "现场.png", mimetype: "image/png" }).load();
  await taskService.complete(task, new Variables().set("photo", photo));
  say("sent");
});

client.subscribe("js.file.read", async ({ task, taskService }) => {
  const photo = await task.variables.get("photo").load();
  await taskService.complete(task, new Variables().set("size", photo.content.length));
  say("loaded", { filename: photo.filename });
});
