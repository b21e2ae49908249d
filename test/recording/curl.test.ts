import { describe, expect, test } from "vitest";
import { readCurl } from "../../src/recording/curl/curl.ts";
import { readCommands } from "../../src/recording/curl/shell.ts";
import { fromCurl, walkOf } from "./shape.ts";

const line = (command: string) => walkOf(fromCurl(command)).slice(1, -1).join(" ");
const words = (text: string) => readCommands(text, "f", (name) => `<${name}>`).map((command) => command.words);

describe("the shell's grammar", () => {
  test.each<[string, string[][]]>([
    [String.raw`a 'b c' "d \"e\" \x" f\ g`, [["a", "b c", 'd "e" \\x', "f g"]]],
    ["a \\\n  b \\\r\n  c", [["a", "b", "c"]]],
    [String.raw`a $'x\'y\n\x41\u00e9\101'`, [["a", "x'y\nAéA"]]],
    ["a ''\"\" b''c", [["a", "", "bc"]]],
    ["a # no\n# no\nb#c", [["a"], ["b#c"]]],
    ["a;b&&c||d&\ne", [["a"], ["b"], ["c"], ["d"], ["e"]]],
    ["a \"$X-${Y}\" $Z '$W' $1 $", [["a", "<X>-<Y>", "<Z>", "$W", "$1", "$"]]],
    ["a > out 2>/dev/null b &> log >> more 2>&1", [["a", "b"]]],
    ['a "b\\\nc"', [["a", "bc"]]],
    ["", []],
  ])("%j", (text, commands) => expect(words(text)).toEqual(commands));

  test.each(["a 'b", 'a "b', "a $'b", "a $(rm -rf /)", "a `id`", 'a "`id`"', 'a "$(id)"', "a ${X:-y}", "(a)", "a <(b)", "a < b"])("%s is refused", (text) => {
    expect(() => words(`ok\n${text}`)).toThrow(expect.objectContaining({ code: "SEA_IMPORT_SHELL", place: "f:2" }));
  });
});

describe("curl's options", () => {
  const url = "https://shop.example/x";
  test.each<[string, string]>([
    [`curl ${url}`, 'await shop.get("/x");'],
    ["curl shop.example/x", 'await shop.get("/x");'],
    [`curl -X PUT ${url} -d a=1`, 'await shop.put("/x", form({ a: "1" }));'],
    [`curl -XPATCH -sSLk ${url}`, 'await shop.patch("/x");'],
    [`curl -d a=1 --data b=2 --data-urlencode 'c=x&y' --data-urlencode '=z' ${url}`, 'await shop.post("/x", "a=1&b=2&c=x%26y&z", { headers: { "content-type": "application/x-www-form-urlencoded" } });'],
    [`curl -G -d a=1 --data-urlencode 'q=x y' '${url}?z=0'`, 'await shop.get("/x?z=0&a=1&q=x%20y");'],
    [`curl --json '{"a":1}' ${url}`, 'await shop.post("/x", { a: 1 }, { headers: { accept: "application/json" } });'],
    [`curl -d '{"a":1}' ${url}`, 'await shop.post("/x", JSON.stringify({ a: 1 }), { headers: { "content-type": "application/x-www-form-urlencoded" } });'],
    [`curl -H 'Content-Type: application/json' -d '{"a":1}' ${url}`, 'await shop.post("/x", { a: 1 });'],
    [`curl -H 'X-A: 1' -H 'X-B;' -H 'User-Agent:' -A me -e here ${url}`, 'await shop.get("/x", { headers: { "x-a": "1", "x-b": "" } });'],
    [`curl -I ${url}`, 'await shop.head("/x");'],
    [`curl -T rope.jpg ${url}`, 'await shop.put("/x", await readFile("rope.jpg"));'],
    [`curl --data-binary @rope.jpg -H 'Content-Type: image/jpeg' ${url}`, 'await shop.post("/x", await readFile("rope.jpg"), { headers: { "content-type": "image/jpeg" } });'],
    [`curl -F alt=rope -F 'photo=@a/r.jpg;type=image/jpeg;filename=b.jpg' --form-string 'raw=@no' ${url}`,
      'await shop.post( "/x", multipart({ alt: "rope", photo: { content: await readFile("a/r.jpg"), filename: "b.jpg", type: "image/jpeg" }, raw: "@no", }), );'],
    [`curl -r 0-99 ${url}`, 'await shop.get("/x", { headers: { range: "bytes=0-99" } });'],
    [`curl ${url} https://shop.example/y --next -d a=1 https://shop.example/z`, 'await shop.get("/x"); await shop.get("/y"); await shop.post("/z", form({ a: "1" }));'],
    [`$ curl -o /dev/null -w '%{http_code}' ${url} | jq . > out.json`, 'await shop.get("/x");'],
    [`curl --url ${url} --max-time 5 --compressed --http1.1 --no-progress-meter`, 'await shop.get("/x");'],
    [`curl -H "Authorization: Token $KEY" ${url}/$ID`, 'await shop.get(`/x/${process.env["ID"]!}`, { name: "/x/:id" });'],
  ])("%s", (command, code) => expect(line(command)).toBe(code));

  test.each<[string, RegExp]>([
    ["wget https://shop.example/", /'wget' is not curl/], ["curl", /no address/], ["curl -Q x https://a.example/", /-Q is not known/], ["curl --frobnicate https://a.example/", /--frobnicate/],
    ["curl -H", /-H has no value/], ["curl -F nothing https://a.example/", /no =/], ["curl -T - https://a.example/", /standard input/], ['curl ^"https://a.example/^" ^\n -H ^"a: b^"', /Windows/], ["Invoke-WebRequest -Uri x", /'Invoke-WebRequest' is not curl/], ["$session = New-Object x", /it is not curl/], ["curl -d @a -d @b https://a.example/", /joins a file/],
  ])("%s is refused", (command, message) => {
    expect(() => readCurl(`\n\n${command}`, "x", "f")).toThrow(expect.objectContaining({ code: "SEA_IMPORT_SHELL", place: "f:3", message: expect.stringMatching(message) }));
  });

  test("the way to the service is told, not taken over; nothing of its values is", () => {
    const { notes } = readCurl(`curl -x http://proxy.example:3128 --cert me.pem:hunter22 --proxy-user mary:hunter22 ${url} --max-time 3`, "x", "f");
    expect(notes).toEqual(["what curl was told of the way to the service, for the driver to say: -x, --cert, --proxy-user"]);
  });

  test("a variable can't be a host", () => {
    expect(() => readCurl("curl https://$HOST:$PORT/x", "x", "f")).toThrow(expect.objectContaining({ code: "SEA_IMPORT_URL", place: "f:1" }));
  });
});

describe("logins", () => {
  const driver = (command: string) => /^const shop = [^;]*;$/m.exec(fromCurl(command))![0].replace(/\s+/g, " ");
  test.each([
    ["curl -u mary:hunter22 https://shop.example/", 'auth: () => basic(process.env["SHOP_USER"]!, process.env["SHOP_PASSWORD"]!)'],
    ["curl https://mary:hunter22@shop.example/", 'auth: () => basic(process.env["SHOP_USER"]!, process.env["SHOP_PASSWORD"]!)'],
    ["curl -H 'Authorization: Bearer hunter22' https://shop.example/", 'auth: () => bearer(process.env["SHOP_TOKEN"]!)'],
    ["curl --oauth2-bearer hunter22 https://shop.example/", 'auth: () => bearer(process.env["SHOP_TOKEN"]!)'],
    ["curl -H \"Authorization: Bearer $MINE\" https://shop.example/", 'auth: () => bearer(process.env["MINE"]!)'],
    ["curl -H 'X-Api-Key: hunter22' https://shop.example/", 'headers: { "x-api-key": process.env["SHOP_API_KEY"]! }'],
    ["curl -H 'Authorization: Digest hunter22' https://shop.example/", 'headers: { authorization: process.env["SHOP_AUTHORIZATION"]! }'],
    ["curl -k https://shop.example/", "tls: { insecure: true }"],
  ])("%s", (command, code) => {
    expect(driver(command)).toContain(code);
    expect(fromCurl(command)).not.toContain("hunter22");
  });

  test("a cookie is the user's own", () => {
    expect(line("curl -b 'sid=hunter22; _ga=1.2' https://shop.example/x")).toBe('shop.cookies.set("sid", process.env["SHOP_COOKIE_SID"]!); await shop.get("/x");');
  });

  test("a password and a key in query, form and JSON", () => {
    const text = fromCurl("curl 'https://shop.example/x?api_key=hunter22&page=2' -d 'user=mary&password=hunter33'\ncurl --json '{\"client\":{\"secret\":\"hunter44\",\"n\":1}}' https://shop.example/y");
    expect(text).toContain('params: { api_key: process.env["SHOP_API_KEY"]!, page: "2" }');
    expect(text).toContain('form({ user: "mary", password: process.env["SHOP_PASSWORD"]! })');
    expect(text).toContain('{ client: { secret: process.env["SHOP_SECRET"]!, n: 1 } }');
    expect(text).not.toMatch(/hunter\d\d/);
  });

  test("what was put away once is found elsewhere too", () => {
    const text = fromCurl("curl -H 'X-Api-Key: hunter22' https://shop.example/keys/hunter22/x -d 'note=it is hunter22!'");
    expect(text).not.toContain("hunter22");
    expect(text).toContain('`/keys/${process.env["SHOP_API_KEY"]!}/x`');
    expect(text).toContain('note: `it is ${process.env["SHOP_API_KEY"]!}!`');
  });
});
