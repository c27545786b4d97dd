// Preloaded into Next's `server.js`: asks AWS Lambda's runtime API for events, brings each to the server over loopback, and
// answers when the response is whole and what the request had the host wait for is done. The request's context is found
// under Next's own key, as adapters provide it.
const { AsyncLocalStorage } = require('node:async_hooks');
const http = require('node:http');

const API = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const SERVER = `http://127.0.0.1:${process.env.PORT}`;
const ID = 'x-invocation-id';

const context = new AsyncLocalStorage();
globalThis[Symbol.for('@next/request-context')] = { get: () => context.getStore() };

/** What each invocation is to wait for. */
const waitedFor = new Map();

const { emit } = http.Server.prototype;
http.Server.prototype.emit = function (event, request, ...more) {
  const waited = event === 'request' ? waitedFor.get(request.headers[ID]) : undefined;
  const next = () => emit.call(this, event, request, ...more);
  return waited ? context.run({ waitUntil: (promise) => void waited.push(promise) }, next) : next();
};

async function serve() {
  const answer = await fetch(`${API}/invocation/next`);
  const id = answer.headers.get('lambda-runtime-aws-request-id');
  const { rawPath, rawQueryString, requestContext } = await answer.json();
  const waited = [];
  waitedFor.set(id, waited);
  const url = `${SERVER}${rawPath}?${rawQueryString}`;
  const response = await fetch(url, { method: requestContext.http.method, headers: { [ID]: id } });
  const body = await response.text();
  await Promise.all(waited);
  waitedFor.delete(id);
  const reply = JSON.stringify({ statusCode: response.status, body });
  await fetch(`${API}/invocation/${id}/response`, { method: 'POST', body: reply });
}

async function untilServing() {
  for (;;) {
    const status = await fetch(`${SERVER}/api/light`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

void untilServing().then(async () => {
  for (;;) await serve();
});
