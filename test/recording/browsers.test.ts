import { expect, test } from "vitest";
import { fromHar, walkOf } from "./shape.ts";

/** One walk through a shop, as each recorder tells it: its own order, fields and gaps. */
const shop = "https://shop.example";
const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
const json = '{"id":"o-81f2","item":"rope"}';
const pairs = (headers: Readonly<Record<string, string>>) => Object.entries(headers).map(([name, value]) => ({ name, value }));
const timings = { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait: 9, receive: 1 };
const log = (creator: string, entries: readonly object[], pages?: readonly object[]) => JSON.stringify({ log: { version: "1.2", creator: { name: creator, version: "1" }, ...(pages && { pages }), entries } });
const boundary = "----formdata-77";
const multipart = `------formdata-77\r\nContent-Disposition: form-data; name="note"\r\n\r\ntwo\nlines\r\n------formdata-77\r\nContent-Disposition: form-data; name="photo"; filename="rope.png"\r\nContent-Type: image/png\r\n\r\n\r\n------formdata-77--\r\n`;

/** HTTP/2 with pseudo headers; a live socket, an address inside the browser, a preflight; fields for DevTools alone. */
const chrome = () => {
  const request = (method: string, path: string, headers: Readonly<Record<string, string>> = {}, postData?: object) => ({
    method, url: shop + path, httpVersion: "http/2.0", cookies: [], queryString: [], headersSize: -1, bodySize: 0, ...(postData && { postData }),
    headers: pairs({ ":authority": "shop.example", ":method": method, ":path": path, ":scheme": "https", "sec-ch-ua": '"Chromium";v="140"', "user-agent": "Mozilla/5.0", priority: "u=1, i", ...headers }),
  });
  const entry = (ms: number, asked: object, resource: string, content: object, status = 200) => ({
    _connectionId: "77", _initiator: { type: "script", stack: { callFrames: [] } }, _priority: "High", _resourceType: resource, cache: {}, pageref: "page_1", startedDateTime: at(ms), time: 12.5, timings: { ...timings, _blocked_queueing: 1.2 },
    serverIPAddress: "192.0.2.1", request: asked,
    response: { status, statusText: "", httpVersion: "http/2.0", headers: pairs({ "content-type": "x" }), cookies: [], content, redirectURL: "", headersSize: -1, bodySize: -1, _transferSize: 300, _error: null },
  });
  const none = { size: 0, mimeType: "x-unknown" };
  return log("WebInspector", [
    entry(0, request("GET", "/"), "document", { size: 9, mimeType: "text/html", text: "<h1>Shop" }),
    entry(10, { ...request("GET", "/"), url: "data:image/png;base64,iVBORw0KGgo=" }, "image", none),
    entry(15, request("OPTIONS", "/orders", { "access-control-request-method": "POST" }), "preflight", none, 204),
    { ...entry(20, { ...request("GET", "/live"), url: "wss://shop.example/live" }, "websocket", none, 101), _webSocketMessages: [{ type: "send", time: 1, opcode: 1, data: '{"token":"hunter22"}' }] },
    entry(30, request("POST", "/orders", { "content-type": "application/json" }, { mimeType: "application/json", text: '{"item":"rope"}' }), "fetch", { size: 29, mimeType: "application/json", text: json }, 201),
    entry(100, request("GET", "/orders/o-81f2"), "fetch", { size: 29, mimeType: "application/json", text: json }),
    entry(150, request("POST", "/notes", { "content-type": `multipart/form-data; boundary=${boundary}` }, { mimeType: `multipart/form-data; boundary=${boundary}`, text: multipart }), "xhr", none),
    entry(200, request("POST", "/search", { "content-type": "application/x-www-form-urlencoded" }, { mimeType: "application/x-www-form-urlencoded", text: "q=a+b&page=2", params: [{ name: "q", value: "a+b" }, { name: "page", value: "2" }] }), "document", none),
    entry(250, request("GET", "/lost"), "fetch", none, 0),
  ], [{ id: "page_1", title: `${shop}/`, startedDateTime: at(0), pageTimings: { onContentLoad: 1, onLoad: 2 } }]);
};

/** Entries as they ended, `params` beside `text`, answers cut short with a comment. */
const firefox = () => {
  const entry = (ms: number, method: string, path: string, content: object, postData?: object, type = "") => ({
    startedDateTime: at(ms).replace("Z", "+00:00"), time: 11, pageref: "page_1", cache: {}, timings, _securityState: "secure", connection: "443", serverIPAddress: "192.0.2.1",
    request: { bodySize: 0, method, url: shop + path, httpVersion: "HTTP/2", headers: pairs({ Host: "shop.example", "User-Agent": "Mozilla/5.0", Accept: "*/*", TE: "trailers", ...(type && { "Content-Type": type }) }), cookies: [], queryString: [], headersSize: 300, ...(postData && { postData }) },
    response: { status: 200, statusText: "OK", httpVersion: "HTTP/2", headers: [], cookies: [], content, redirectURL: "", headersSize: 200, bodySize: 229 },
  });
  const page = { mimeType: "text/html; charset=utf-8", size: 9, text: "<h1>Shop", comment: "Response body truncated" };
  return log("Firefox", [
    entry(30, "POST", "/orders", { mimeType: "application/json", size: 29, text: json }, { mimeType: "application/json", params: [], text: '{"item":"rope"}' }, "application/json"),
    entry(0, "GET", "/", page),
    entry(100, "GET", "/orders/o-81f2", { mimeType: "application/json", size: 29, text: json }),
    entry(150, "POST", "/notes", { mimeType: "text/plain", size: 0 }, { mimeType: `multipart/form-data; boundary=${boundary}`, params: [], text: multipart }, `multipart/form-data; boundary=${boundary}`),
    entry(200, "POST", "/search", page, { mimeType: "application/x-www-form-urlencoded", params: [{ name: "q", value: "a b" }, { name: "page", value: "2" }], text: "q=a+b&page=2" }, "application/x-www-form-urlencoded"),
  ], [{ startedDateTime: at(0), id: "page_1", title: "The shop", pageTimings: {} }]);
};

/** Every answer as base64, no headers of the body's own, several pages of one title. */
const safari = () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const entry = (ms: number, method: string, path: string, mimeType: string, text: string, postData?: object) => ({
    pageref: "page_0", startedDateTime: at(ms), time: 10.001, cache: {}, timings, serverIPAddress: "192.0.2.1", _serverPort: 443, _fetchType: "Network Load", _priority: "high",
    request: { method, url: shop + path, httpVersion: "HTTP/2", cookies: [], headers: pairs({ Accept: "*/*", Cookie: "", Origin: shop, "User-Agent": "Mozilla/5.0" }), queryString: [], headersSize: 111, bodySize: 0, ...(postData && { postData }) },
    response: { status: 200, statusText: "", httpVersion: "HTTP/2", cookies: [], headers: [], content: { size: 29, compression: 0, mimeType, text: base64(text), encoding: "base64" }, redirectURL: "", headersSize: 0, bodySize: 29, _transferSize: 29 },
  });
  return log("WebKit Web Inspector", [
    entry(0, "GET", "/", "text/html", "<h1>Shop"),
    entry(30, "POST", "/orders", "application/json; charset=utf-8", json, { mimeType: "application/json", text: '{"item":"rope"}' }),
    entry(100, "GET", "/orders/o-81f2", "application/json; charset=utf-8", json),
    entry(150, "POST", "/notes", "text/plain", "", { mimeType: `multipart/form-data; boundary=${boundary}`, text: multipart }),
    entry(200, "POST", "/search", "text/html", "", { mimeType: "application/x-www-form-urlencoded", text: "q=a+b&page=2" }),
  ], [{ startedDateTime: at(0), id: "page_0", title: "The shop", pageTimings: {} }]);
};

/** No pages; the tunnel of the proxy, an answer that never came; bodies as parameters alone, and as base64. */
const proxy = () => {
  const entry = (ms: number, method: string, url: string, status: number, content: object, postData?: object) => ({
    startedDateTime: at(ms), time: 10, cache: {}, timings: { send: 1, wait: 8, receive: 1 },
    request: { method, url, httpVersion: "HTTP/1.1", cookies: [], headers: pairs({ host: "shop.example", "proxy-connection": "keep-alive" }), queryString: [], headerSize: 0, bodySize: 0, ...(postData && { postData }) },
    response: { status, statusText: "OK", httpVersion: "HTTP/1.1", cookies: [], headers: [], content, redirectURL: null, headersSize: 0, bodySize: 0 },
  });
  return log("a proxy", [
    entry(0, "CONNECT", "https://shop.example:443", 200, {}),
    entry(0, "GET", `${shop}/`, 200, { size: 9, mimeType: "text/html" }),
    entry(10, "GET", `${shop}/lost`, -1, {}),
    entry(30, "POST", `${shop}/orders`, 200, { size: 29, mimeType: "application/json", text: json }, { mimeType: "application/json", text: Buffer.from('{"item":"rope"}').toString("base64"), encoding: "base64" }),
    entry(100, "GET", `${shop}/orders/o-81f2`, 200, { size: 29, mimeType: "application/json", text: json }),
    entry(150, "POST", `${shop}/notes`, 200, { size: 0 }, { mimeType: "multipart/form-data", params: [{ name: "note", value: "two\r\nlines" }, { name: "photo", fileName: "rope.png", contentType: "image/png" }] }),
    entry(200, "POST", `${shop}/search`, 200, { size: 0 }, { mimeType: "application/x-www-form-urlencoded", params: [{ name: "q", value: "a b" }, { name: "page", value: "2" }] }),
  ]);
};

test.each([["Chrome", chrome], ["Firefox", firefox], ["Safari", safari], ["a proxy", proxy]])("%s tells the same walk", (_, recorded) => {
  const text = fromHar(recorded());
  expect(text).toContain(" * - contents of uploaded files, which the archive does not hold: 1");
  expect(text).not.toContain("hunter");
  expect(walkOf(text).slice(1, -1)).toEqual([
    'await shop.get("/");',
    'const order = (await shop.post("/orders", { item: "rope" })).json<{ id: string }>();',
    'await shop.get(`/orders/${order.id}`, { name: "/orders/:id" });',
    'await shop.post(',
    '"/notes",',
    String.raw`multipart({ note: "two\r\nlines", photo: { content: "", filename: "rope.png", type: "image/png" } }),`,
    ");",
    'await shop.post("/search", form({ q: "a b", page: "2" }));',
  ]);
});
