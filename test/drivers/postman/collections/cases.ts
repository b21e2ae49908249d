import type { Inputs } from "../compare.ts";
import { collection, folder, item } from "./items.ts";

const post = (url: string, body: object, header: readonly object[] = []) => ({ method: "POST", url, header, body });

/** One collection for each thing that a collection can do. */
export const cases: Readonly<Record<string, Inputs>> = {
  "scripts of collection, folder and request, in their order": {
    collection: collection([
      folder("outer", [folder("inner", [item("ask", "{{base}}/echo?log={{log}}", { pre: log("request"), test: log("after request") })], { pre: log("inner"), test: log("after inner") }), item("second", "{{base}}/echo?log={{log}}")], { pre: log("outer"), test: log("after outer") }),
    ], { pre: log("collection"), test: log("after collection") }),
  },
  "variables of all scopes, by precedence": {
    collection: collection([
      item("all", "{{base}}/echo?a={{a}}&b={{b}}&c={{c}}&d={{d}}&e={{e}}&none={{none}}&nested={{outer}}&empty={{empty}}&zero={{zero}}", {
        pre: `pm.variables.set("a", "local");`,
        test: `pm.test("precedence", () => { for (const name of ["a", "b", "c", "d", "e"]) pm.expect(pm.variables.get(name)).to.be.a("string"); });
pm.environment.set("seen", pm.variables.replaceIn("{{a}} {{b}} {{c}} {{d}} {{e}} {{none}}"));
pm.environment.set("number", 7); pm.environment.set("object", { a: [1] }); pm.globals.set("truth", true); pm.collectionVariables.set("made", "here");
pm.test("has", () => { pm.expect(pm.environment.has("c")).to.be.true; pm.expect(pm.globals.has("nobody")).to.be.false; pm.expect(pm.variables.has("b")).to.equal(true); });
pm.collectionVariables.unset("gone"); pm.globals.unset("left");`,
      }),
      item("later", "{{base}}/echo?a={{a}}&number={{number}}&object={{object}}&truth={{truth}}&off={{off}}", {
        test: `pm.test("types", () => { pm.expect(pm.environment.get("number")).to.equal(7); pm.expect(pm.environment.get("object")).to.eql({ a: [1] }); pm.expect(pm.globals.get("truth")).to.equal(true); });
pm.test("casts", () => { pm.expect(pm.collectionVariables.get("counted")).to.equal(5); pm.expect(pm.collectionVariables.get("yes")).to.equal(true); });
pm.environment.clear();`,
      }),
    ], { variable: [{ key: "a", value: "collection" }, { key: "b", value: "collection" }, { key: "c", value: "collection" }, { key: "d", value: "collection" }, { key: "outer", value: "{{inner}}!" }, { key: "inner", value: "deep" }, { key: "gone", value: "x" }, { key: "empty", value: "" }, { key: "counted", value: "5", type: "number" }, { key: "yes", value: "true", type: "boolean" }, { key: "off", value: "x", disabled: true }] }),
    environment: { a: "environment", b: "environment", c: "environment" },
    globals: { a: "global", b: "global", c: "global", d: "global", e: "global", left: "x" },
    rows: [{ a: "row", b: "row", zero: 0 }],
  },
  "rows, iterations and what scripts know of them": {
    collection: collection([
      item("row", "{{base}}/echo?name={{name}}&n={{n}}", {
        test: `pm.test(\`row \${pm.info.iteration} of \${pm.info.iterationCount}: \${pm.iterationData.get("name")}\`, () => pm.expect(pm.response.json().query.name).to.equal(pm.iterationData.get("name")));
pm.test(pm.info.requestName + " " + pm.info.eventName); pm.environment.set("last" + pm.info.iteration, pm.iterationData.get("n"));`,
      }),
    ]),
    rows: [{ name: "oar", n: 1 }, { name: "rope", n: 2 }],
    iterations: 3,
  },
  "asserts on answers": {
    collection: collection([
      item("order", "{{base}}/orders", {
        test: `pm.test("status", () => pm.response.to.have.status(201));
pm.test("reason", () => pm.response.to.have.status("Created"));
pm.test("not 200", () => pm.response.to.have.status(200));
pm.test("header", () => pm.response.to.have.header("Content-Type", "application/json"));
pm.test("no such header", () => pm.response.to.have.header("X-None"));
pm.test("negated", () => pm.response.to.not.have.header("X-None"));
pm.test("json", () => pm.response.to.be.json);
pm.test("body", () => pm.response.to.have.jsonBody("nested.deep[0].x", 1));
pm.test("body is other", () => pm.response.to.have.jsonBody("item", "oar"));
pm.test("success", () => { pm.response.to.be.success; pm.response.to.not.be.error; pm.response.to.be.withBody; });
pm.test("ok is 200", () => pm.response.to.be.ok);
pm.test("accepted", () => pm.response.to.be.accepted);
pm.test("time", () => pm.expect(pm.response.responseTime).to.be.below(10000));
pm.test("chain", () => pm.response.to.have.responseTime.below(10000));
pm.test("schema", () => pm.response.to.have.jsonSchema({ type: "object", required: ["id"], properties: { price: { type: "number" } } }));
pm.test("schema fails", () => pm.response.to.have.jsonSchema({ type: "object", properties: { price: { type: "string" } } }));
const order = pm.response.json();
pm.test("array of this realm", () => { pm.expect(order.tags).to.be.an("array").that.includes("b"); pm.expect(order.tags instanceof Array).to.be.true; pm.expect(order).to.be.instanceOf(Object); pm.expect(order).to.have.property("item").that.equals("rope"); });
pm.test("deep", () => pm.expect(order.nested).to.eql({ deep: [{ x: 1 }] }));
pm.test("typo", () => pm.expect(1).to.be.treu);
pm.test("caught", () => { try { pm.expect(1).to.equal(2); } catch (error) { pm.expect(error).to.be.instanceOf(Error); pm.expect(error instanceof Error).to.be.true; pm.expect(error.message).to.equal("expected 1 to equal 2"); } });
pm.test("ordinary ok", () => { pm.expect(true).to.be.ok; pm.expect("").to.be.ok; });
pm.test.skip("skipped"); pm.test("empty");
pm.expect.fail && pm.test("fail", () => pm.expect.fail("no"));`,
      }),
      item("missing", "{{base}}/status/404", { test: `pm.test("not found", () => { pm.response.to.be.notFound; pm.response.to.be.clientError; pm.response.to.be.error; });\npm.test("body text", () => pm.expect(pm.response.text()).to.include("404"));\npm.test("size", () => { pm.expect(pm.response.responseSize).to.be.above(5); pm.expect(pm.response.code).to.equal(404); pm.expect(pm.response.status).to.equal("Not Found"); pm.expect(pm.response.reason()).to.equal("Not Found"); });` }),
      item("text", "{{base}}/text", { test: `pm.test("headers", () => { pm.expect(pm.response.headers.get("x-harbour")).to.equal("north"); pm.expect(pm.response.headers.has("X-HARBOUR")).to.be.true; pm.expect(pm.response.headers.toObject()).to.have.property("x-harbour"); });\npm.test("body is", () => pm.response.to.have.body("ship ahoy"));\npm.test("no json", () => pm.response.json());\npm.test("pattern", () => pm.response.to.have.body(/ahoy$/));` }),
    ]),
  },
  "tests that come later": {
    collection: collection([
      item("callback", "{{base}}/echo", {
        test: `pm.test("done", (done) => { setTimeout(() => { done(); }, 20); });
pm.test("done badly", (done) => { setTimeout(() => done(new Error("late")), 10); });
pm.test("throws in it", function (done) { throw new Error("at once"); });
setTimeout(() => pm.test("in a timer", () => pm.expect(1).to.equal(1)), 30);
let n = 0; const id = setInterval(() => { n++; if (n === 3) { clearInterval(id); pm.environment.set("rang", n); } }, 5);
setImmediate(() => pm.environment.set("soon", "yes")); const never = setTimeout(() => pm.environment.set("never", 1), 50); clearTimeout(never);`,
      }),
      item("after", "{{base}}/echo?rang={{rang}}&soon={{soon}}"),
    ]),
  },
  "requests of scripts": {
    collection: collection([
      item("main", "{{base}}/echo?token={{token}}", {
        pre: `pm.sendRequest(pm.environment.get("base") + "/token", (error, response) => { pm.test("no error", () => pm.expect(error).to.equal(null)); pm.environment.set("token", response.json().access_token); });`,
        test: `pm.sendRequest({ url: pm.environment.get("base") + "/echo?a=1", method: "POST", header: { "X-One": "1", "Content-Type": "application/json" }, body: { mode: "raw", raw: JSON.stringify({ a: 1 }) } }, function (error, response) {
  pm.test("answered", () => { pm.expect(response).to.have.property("code", 200); pm.expect(response.json().body).to.equal('{"a":1}'); });
  pm.sendRequest({ url: pm.environment.get("base") + "/echo/form", method: "PUT", header: ["X-Two: 2"], body: { mode: "urlencoded", urlencoded: [{ key: "a b", value: "c&d" }] } }, (error2, response2) => { pm.test("nested", () => pm.expect(response2.json().body).to.equal("a%20b=c%26d")); pm.environment.set("nested", response2.code); });
});
pm.sendRequest("http://127.0.0.1:1/", (error, response) => { pm.test("refused", () => pm.expect(error).to.be.ok); });`,
      }),
    ]),
  },
  "where to go next": {
    collection: collection([
      item("one", "{{base}}/echo/1", { test: `pm.execution.setNextRequest("three"); pm.environment.set("count", (pm.environment.get("count") || 0) + 1);` }),
      item("two", "{{base}}/echo/2", { test: `postman.setNextRequest(null);` }),
      folder("inside", [item("three", "{{base}}/echo/3", { pre: `if (pm.environment.get("count") === 3) { pm.execution.setNextRequest("two"); }`, test: `if (pm.environment.get("count") < 3) pm.setNextRequest ? 0 : postman.setNextRequest("one");` })]),
      item("four", "{{base}}/echo/4"),
    ]),
  },
  "nowhere to go": {
    collection: collection([item("one", "{{base}}/echo/1", { test: `postman.setNextRequest("nobody")` }), item("two", "{{base}}/echo/2")]),
    iterations: 2,
  },
  "a request that is skipped": {
    collection: collection([
      item("skipped", "{{base}}/echo/skipped", { pre: `pm.environment.set("before", 1); pm.execution.skipRequest(); pm.environment.set("after", 1);`, test: `pm.test("never", () => {});` }),
      item("sent", "{{base}}/echo/sent", { test: `pm.test("sent", () => {});` }),
    ]),
  },
  "older scripts": {
    collection: collection([
      item("legacy", "{{base}}/text?x=1", {
        pre: `postman.setEnvironmentVariable("one", 1); postman.setGlobalVariable("two", true); environment.lost = "x";`,
        test: `tests["code is 200"] = responseCode.code === 200; tests["body"] = responseBody === "ship ahoy"; tests["fails"] = responseBody.has ? true : 0;
tests["header"] = postman.getResponseHeader("X-Harbour") === "north"; tests["headers"] = responseHeaders["x-harbour"] === "north"; tests["time"] = responseTime < 10000;
tests["env"] = environment.one === "1" && postman.getEnvironmentVariable("one") === "1"; tests["globals"] = globals.two === "true"; tests["method"] = request.method === "GET"; tests["iteration"] = iteration === 0; tests["name"] = request.name === "legacy";
var jsonData = _.map([1, 2], function (n) { return n * 2; }); tests["lodash"] = jsonData[1] === 4; tests["hash"] = CryptoJS.MD5("rope").toString() === "29a26ea4abc4ee3c9b10d01f59b37bbe" || CryptoJS.MD5("rope").toString().length === 32;
tests["atob"] = atob(btoa("x")) === "x"; tests["tv4"] = tv4.validate({ a: 1 }, { type: "object" }); postman.clearEnvironmentVariable("one"); tests["data"] = data.row === 5;`,
      }),
      item("xml", "{{base}}/xml", { test: `var doc = xml2Json(responseBody); tests["xml"] = doc.order.item[1] === "oar" && doc.order.$.id === "7";` }),
      item("leaks", "{{base}}/echo", { test: `helper = function () { return "helped"; }; var mine = 1;` }),
      item("uses", "{{base}}/echo", { test: `tests["leaked"] = helper() === "helped"; tests["var stays"] = typeof mine === "undefined"; { const data = pm.response.json(); let request = 1; tests["shadowed"] = data.method === "GET" && request === 1; }` }),
    ]),
    rows: [{ row: 5 }],
  },
  "scripts that break": {
    collection: collection([
      item("before", "{{base}}/echo/1", { pre: `pm.environment.set("a", 1); throw new Error("before"); pm.environment.set("b", 1);`, test: `pm.test("still", () => {}); undefinedFunction(); pm.test("never", () => {});` }),
      item("later", "{{base}}/echo/2", { test: `setTimeout(() => { throw new Error("late"); }, 5); pm.test("x", () => {});` }),
    ]),
  },
  "requests that get no answer": {
    collection: collection([
      item("refused", "http://127.0.0.1:1/", { test: `pm.test("no answer", () => { pm.expect(pm.response.code).to.equal(undefined); pm.expect(pm.response.text()).to.equal(undefined); }); pm.test("no json", () => pm.response.json()); pm.test("no class", () => pm.response.to.not.be.success); pm.test("fails", () => pm.response.to.have.status(200));` }),
      item("after", "{{base}}/echo"),
    ]),
  },
  "cookies": {
    collection: collection([
      item("set", "{{base}}/cookies?sid=abc&lang=en", { test: `pm.test("cookie", () => { pm.expect(pm.cookies.get("sid")).to.equal("abc"); pm.expect(pm.cookies.has("lang")).to.be.true; pm.expect(pm.cookies.toObject()).to.have.property("lang", "en"); });` }),
      item("sent", { method: "GET", url: "{{base}}/cookies", header: [{ key: "Cookie", value: "own=1" }] }, { test: `pm.environment.set("sent", pm.response.json().sent); tests["legacy"] = postman.getResponseCookie("sid").value === "abc";` }),
      item("jar", "{{base}}/cookies", {
        pre: `const jar = pm.cookies.jar(); const at = pm.environment.get("base");`,
        test: `const jar = pm.cookies.jar(); const at = pm.environment.get("base"); jar.get(at, "sid", (error, value) => { pm.test("got", () => pm.expect(value).to.equal("abc")); jar.unset(at, "sid", () => { jar.getAll(at, (e, all) => { pm.environment.set("left", all.map((c) => c.name).join()); }); }); });`,
      }),
    ]),
  },
  "bodies": {
    collection: collection([
      item("json", post("{{base}}/echo", { mode: "raw", raw: '{"name": "{{name}}", /* why */ "url": "http://x" // end\n}', options: { raw: { language: "json" } } })),
      item("json by header", post("{{base}}/echo", { mode: "raw", raw: '{"a": 1} // why' }, [{ key: "content-type", value: "application/json" }])),
      item("text", post("{{base}}/echo", { mode: "raw", raw: "plain // {{name}}" })),
      item("xml", post("{{base}}/echo", { mode: "raw", raw: "<a/>", options: { raw: { language: "xml" } } })),
      item("empty", post("{{base}}/echo", { mode: "raw", raw: "" })),
      item("form", post("{{base}}/echo", { mode: "urlencoded", urlencoded: [{ key: "a", value: "1 2" }, { key: "b", value: "{{name}}" }, { key: "a", value: "ü&'()*!" }, { key: "off", value: "x", disabled: true }] })),
      item("all off", post("{{base}}/echo", { mode: "urlencoded", urlencoded: [{ key: "off", value: "x", disabled: true }] })),
      item("multipart", post("{{base}}/echo", { mode: "formdata", formdata: [{ key: "a", value: "1", type: "text" }, { key: "b", value: "{{name}}", type: "text", contentType: "application/json" }, { key: "a", value: "2", type: "text" }, { key: "file", type: "file", src: "test/drivers/postman/collections/rope.txt" }] })),
      item("file", post("{{base}}/echo", { mode: "file", file: { src: "test/drivers/postman/collections/rope.txt" } }, [{ key: "Content-Type", value: "text/plain" }])),
      item("graphql", post("{{base}}/echo", { mode: "graphql", graphql: { query: "query ($id: ID) { order(id: $id) { id } }", variables: '{"id": "{{name}}"}' } })),
      item("graphql object", post("{{base}}/echo", { mode: "graphql", graphql: { query: "{ a }", operationName: "x", variables: { id: 1 } } })),
      item("form of another type", post("{{base}}/echo", { mode: "formdata", formdata: [{ key: "a", value: "1", type: "text" }] }, [{ key: "Content-Type", value: "application/json" }])),
      item("no file", post("{{base}}/echo", { mode: "formdata", formdata: [{ key: "a", type: "file", src: null }] })),
      item("urlencoded of another type", post("{{base}}/echo", { mode: "urlencoded", urlencoded: [{ key: "a", value: "1" }] }, [{ key: "Content-Type", value: "text/plain" }])),
      item("a number", post("{{base}}/echo", { mode: "raw", raw: 7 })),
      item("pruned", { method: "GET", url: "{{base}}/echo", body: { mode: "raw", raw: "nothing" } }),
      item("kept", { method: "GET", url: "{{base}}/echo", body: { mode: "raw", raw: "something" } }, { behavior: { disableBodyPruning: true } }),
      item("disabled", post("{{base}}/echo", { mode: "raw", raw: "x", disabled: true })),
      item("delete", { method: "DELETE", url: "{{base}}/echo", body: { mode: "raw", raw: "x" } }),
    ]),
    environment: { name: "oar" },
  },
  "addresses and headers": {
    collection: collection([
      item("parts", { method: "GET", url: { raw: "{{base}}/echo/:id/x?a=1&b=2", host: ["{{base}}"], path: ["echo", ":id", "{{seg}}"], query: [{ key: "a", value: "{{v}}" }, { key: "b", value: "2", disabled: true }, { key: "c", value: null }, { key: "d", value: "" }], variable: [{ key: "id", value: "{{v}}" }] } }),
      item("encoded", "{{base}}/echo/a b/ü?q=a b&r=c%20d&s=<x>&t={x}&u='q'&v=1|2^3`4#frag"),
      item("no protocol", { method: "GET", url: "{{host}}/echo" }),
      item("headers", { method: "GET", url: "{{base}}/echo", header: [{ key: "X-One", value: "{{v}}" }, { key: "X-Off", value: "x", disabled: true }, { key: "x-two", value: "a" }, { key: "X-Two", value: "b" }, { key: "X-Same", value: "1" }, { key: "X-Same", value: "2" }, { key: "{{v}}", value: "named" }, { key: "Accept", value: "text/html" }, { key: "", value: "nobody" }, { key: "X-Empty", value: "" }] }),
      item("method", { method: "REPORT", url: "{{base}}/echo" }),
      item("head", { method: "HEAD", url: "{{base}}/echo" }, { test: `pm.test("no body", () => pm.expect(pm.response.text()).to.equal(""));` }),
      item("without", { method: "GET", url: "{{base}}/echo" }, { behavior: { disabledSystemHeaders: { accept: true, "user-agent": true } } }),
      item("login in it", "http://mary:ro%40pe@{{host}}/echo"),
      item("whole query", "{{base}}/echo?{{query}}"),
    ]),
    environment: { v: "value", seg: "part", query: "x=1&y=2" },
  },
  "redirects": {
    collection: collection([
      item("get", "{{base}}/redirect?to=/echo/landed", { test: `pm.test("landed", () => pm.expect(pm.response.json().url).to.equal("/echo/landed"));` }),
      item("post becomes get", post("{{base}}/redirect?to=/echo/landed", { mode: "raw", raw: "x" })),
      item("put becomes get", { method: "PUT", url: "{{base}}/redirect?code=301&to=/echo", body: { mode: "raw", raw: "x" } }),
      item("kept", post("{{base}}/redirect?code=307&to=/echo", { mode: "raw", raw: "x" })),
      item("kept by wish", post("{{base}}/redirect?code=302&to=/echo", { mode: "raw", raw: "x" }), { behavior: { followOriginalHttpMethod: true } }),
      item("not followed", "{{base}}/redirect?to=/echo", { behavior: { followRedirects: false }, test: `pm.test("302", () => pm.response.to.have.status(302)); pm.test("redirection", () => pm.response.to.be.redirection);` }),
      item("no referer", "{{base}}/redirect?to=/echo", { behavior: { removeRefererHeaderOnRedirect: true } }),
      item("round", "{{base}}/redirect?to=/redirect", { test: `pm.test("none", () => pm.expect(pm.response.code).to.equal(undefined));`, behavior: { maxRedirects: 2 } }),
    ]),
  },
  "logins, inherited": {
    collection: collection([
      item("of the collection", "{{base}}/echo"),
      folder("other", [item("of the folder", "{{base}}/echo"), item("none", { method: "GET", url: "{{base}}/echo", auth: { type: "noauth" } })], { auth: { type: "bearer", bearer: [{ key: "token", value: "{{token}}" }] } }),
      item("key in header", { method: "GET", url: "{{base}}/echo", auth: { type: "apikey", apikey: [{ key: "key", value: "X-Key" }, { key: "value", value: "{{token}}" }, { key: "in", value: "header" }] } }),
      item("key in query", { method: "GET", url: "{{base}}/echo?a=1", auth: { type: "apikey", apikey: [{ key: "key", value: "key" }, { key: "value", value: "{{token}} &" }, { key: "in", value: "query" }] } }),
      item("oauth2", { method: "GET", url: "{{base}}/echo", auth: { type: "oauth2", oauth2: [{ key: "accessToken", value: "{{token}}" }, { key: "headerPrefix", value: "Token" }] } }),
      item("oauth2 in query", { method: "GET", url: "{{base}}/echo", auth: { type: "oauth2", oauth2: [{ key: "accessToken", value: "{{token}}" }, { key: "addTokenTo", value: "queryParams" }] } }),
      item("overridden", { method: "GET", url: "{{base}}/echo", header: [{ key: "Authorization", value: "own" }] }),
    ], { auth: { type: "basic", basic: [{ key: "username", value: "mary" }, { key: "password", value: "{{token}}" }] } }),
    environment: { token: "t0k" },
  },
  "requests that scripts change": {
    collection: collection([
      item("changed", post("{{base}}/echo?a=1", { mode: "raw", raw: '{"a": 1}' }, [{ key: "X-One", value: "1" }]), {
        pre: `pm.request.headers.add({ key: "X-Two", value: "{{two}}" }); pm.request.headers.upsert({ key: "x-one", value: "changed" }); pm.request.url.query.add({ key: "b", value: "2" }); pm.request.body.raw = JSON.stringify({ b: pm.request.url.query.get("a") }); pm.request.addHeader({ key: "X-Three", value: "3" });`,
        test: `pm.test("sent", () => { pm.expect(pm.request.headers.get("X-Two")).to.equal("22"); pm.expect(pm.request.method).to.equal("POST"); pm.expect(pm.request.url.toString()).to.include("b=2"); pm.expect(pm.request.url.getPath()).to.equal("/echo"); pm.expect(pm.request.body.raw).to.equal('{"b":"1"}'); });`,
      }),
      item("read alone", "{{base}}/echo/:id?q={{two}}", { pre: `pm.environment.set("host", pm.request.url.getHost()); pm.environment.set("address", pm.request.url.toString()); pm.environment.set("path", pm.request.url.getPathWithQuery());` }),
      item("another address", "{{base}}/echo", { pre: `pm.request.url = pm.environment.get("base") + "/echo/other?x=1"; pm.request.method = "PUT"; pm.request.body = { mode: "raw", raw: "new" };` }),
      item("a login", "{{base}}/echo", { pre: `pm.request.auth = { type: "bearer", bearer: [{ key: "token", value: "scripted" }] }; pm.request.removeHeader("X-None");` }),
    ]),
    environment: { two: "22" },
  },
  "packages of scripts": {
    collection: collection([
      item("modules", "{{base}}/xml", {
        test: `const moment = require("moment"), lodash = require("lodash"), uuid = require("uuid"), crypto = require("crypto-js"), xml2js = require("xml2js"), Ajv = require("ajv"), parse = require("csv-parse/lib/sync"), url = require("url"), assert = require("assert"), chai = require("chai");
pm.test("moment", () => pm.expect(moment("2020-02-03").add(1, "day").format("YYYY-MM-DD")).to.equal("2020-02-04"));
pm.test("lodash", () => pm.expect(lodash.uniq([1, 1, 2])).to.eql([1, 2]));
pm.test("uuid", () => pm.expect(uuid.v4()).to.match(/^[0-9a-f-]{36}$/));
pm.test("crypto", () => pm.expect(crypto.HmacSHA256("a", "k").toString().length).to.equal(64));
pm.test("cheerio", () => pm.expect(require("cheerio").load("<b>x</b>")("b").text()).to.equal("x"));
pm.test("xml", (done) => xml2js.parseString(pm.response.text(), (error, result) => { pm.expect(result.order.item[0]).to.equal("rope"); done(); }));
pm.test("ajv", () => pm.expect(new Ajv().validate({ type: "number" }, 5)).to.be.true);
pm.test("csv", () => pm.expect(parse("a,b\\n1,2", { columns: true })[0].b).to.equal("2"));
pm.test("url", () => pm.expect(url.parse("http://x/y").pathname).to.equal("/y"));
pm.test("assert", () => assert.strictEqual(1, 2));
pm.test("chai", () => chai.expect(1).to.equal(1)); pm.test("buffer", () => pm.expect(Buffer.from("x").toString("hex")).to.equal("78"));`,
      }),
    ]),
  },
  "a folder alone": {
    collection: collection([folder("a", [item("one", "{{base}}/echo/1")], { pre: log("a") }), folder("b", [item("two", "{{base}}/echo/2"), item("three", "{{base}}/echo/3")], { pre: log("b") })], { pre: log("all") }),
    folder: "b",
  },
  "version 2.0": {
    collection: {
      info: { name: "old", schema: "https://schema.getpostman.com/json/collection/v2.0.0/collection.json" },
      auth: { type: "basic", basic: { username: "mary", password: "rope" } },
      item: [{ name: "old", event: [{ listen: "test", script: { exec: `tests["ok"] = responseCode.code === 200;` } }], request: { method: "POST", url: "{{base}}/echo?x=1", header: [{ key: "X-Old", value: "1" }], body: { mode: "formdata", formdata: [{ key: "a", value: "b", type: "text" }] } } }, { name: "short", request: "{{base}}/echo/short" }],
    },
  },
};

function log(what: string): string {
  return `pm.environment.set("log", (pm.environment.get("log") || "") + "/${what}:" + pm.info.requestName + ":" + (pm.execution.location || {}).current);`;
}
