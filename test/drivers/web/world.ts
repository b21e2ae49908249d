import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A small site with everything that browser flows stumble over. */
export interface World {
  readonly base: string;
  /** Requests so far, icons aside. */
  seen(): number;
  stop(): Promise<void>;
}

const page = (title: string, body: string, head = "") => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;

const pages: Readonly<Record<string, string>> = {
  "/": page("Harbour", '<h1>Harbour</h1><a href="/items?page=2">Goods</a> <a href="/other" target="_blank">Other tab</a>'),
  "/items": page("Goods", "<h1>Goods</h1><ul><li>Oar <button>Buy</button></li><li>Rope <button onclick=\"document.querySelector('output').textContent='Rope bought'\">Buy</button></li></ul><output></output>"),
  "/other": page("Other", "<h1>The other tab</h1>"),
  "/form": page("Form", `<form onsubmit="event.preventDefault(); done.textContent = [who.value, item.value, gift.checked, plan.value].join(' ')">
<label for="who">Your name</label><input id="who"><label>Item <select id="item"><option value="1">Oar</option><option value="2">Rope</option></select></label>
<label><input type="checkbox" id="gift"> As a gift</label><label>Plan <input type="file" id="file" onchange="file.files[0].text().then((text) => { plan.value = text; })"></label><input type="hidden" id="plan">
<button>Send it</button></form><p role="status" id="done"></p><p data-testid="hint" hidden>Not yet</p><button disabled>Never</button>
<input aria-label="Search" onkeydown="keys.textContent += event.key + ' '"><span id="keys"></span><div id="hover" onmouseover="this.textContent='over'" ondblclick="this.textContent='twice'">not over</div>`),
  "/late": page("Late", `<p id="p">soon</p><script>setTimeout(() => { p.textContent = "  at \\n last "; const b = document.createElement("button"); b.textContent = "Come"; b.onclick = () => b.remove(); document.body.append(b); }, 300)</script>`),
  "/flicker": page("Flicker", `<div id="d"></div><script>let n = 0; const draw = () => { d.innerHTML = '<button onclick="document.title = \\'caught\\'">Catch me</button>'; if (++n < 30) setTimeout(draw, 20); }; draw();</script>`),
  "/dialogs": page("Dialogs", `<button onclick="said.textContent = confirm('Sure?')">Confirm</button><button onclick="said.textContent = prompt('Name?')">Prompt</button><button onclick="alert('Look'); said.textContent = 'looked'">Alert</button><p id="said"></p>`),
  "/frames": page("Frames", '<iframe id="pay" src="/pay"></iframe>'),
  "/pay": page("Pay", '<label>Card <input></label><button onclick="document.querySelector(\'p\').textContent = \'paid \' + document.querySelector(\'input\').value">Pay</button><p></p>'),
  "/shadow": page("Shadow", '<my-box></my-box>', `<script>customElements.define("my-box", class extends HTMLElement { constructor() { super(); this.attachShadow({ mode: "open" }).innerHTML = '<label>Inner <input></label><button class="go">Go in</button><p role="status"></p>'; this.shadowRoot.querySelector("button").onclick = () => { this.shadowRoot.querySelector("p").textContent = "in: " + this.shadowRoot.querySelector("input").value; }; } })</script>`),
  "/covered": page("Covered", '<button>Under</button><div id="over" style="position:fixed;inset:0;background:#fff8"></div>'),
  "/broken": page("Broken", '<h1>Broken</h1><script>console.error("ouch"); fetch("/no-such?token=secretsecret").catch(() => {}); throw new Error("kaputt")</script>'),
  "/secrets": page("Secrets", `<form><label>Password <input type="password"></label><input type="password" id="odd"><label>Name <input id="name"></label><input type="hidden" name="csrf_token" value="FORGERY-1"></form><output id="api-key">KEY-OF-PAGE-2</output>
<script>document.cookie = "sid=COOKIE-3"; console.log("token=CONSOLE-4"); fetch("/no-such?sig=QUERY-5", { method: "POST", headers: { authorization: "Bearer HEADER-6" }, body: JSON.stringify({ user: "mary", pin: "BODY-7" }) }).catch(() => {})</script>`),
  "/shifting": page("Shifting", '<h1>Big words that are the largest paint of it all</h1><button onclick="const t = performance.now(); while (performance.now() - t < 60); this.textContent = 1">Work</button><p>below</p><script>setTimeout(() => { const d = document.createElement("div"); d.style.height = "200px"; document.body.prepend(d); document.title = "shifted"; }, 100)</script>'),
};

const later: Readonly<Record<string, (response: ServerResponse, cookie: string) => void>> = {
  "/hang": () => undefined,
  "/down": (response) => response.socket!.destroy(),
  "/half": (response) => response.writeHead(200, { "content-type": "text/html" }).write("<p>and then nothing"),
  "/fails": (response) => response.writeHead(503, { "content-type": "text/html" }).end(page("Sorry", "Sorry")),
  "/file": (response) => response.writeHead(200, { "content-type": "application/octet-stream", "content-disposition": 'attachment; filename="list.csv"' }).end("a,b\n1,2\n"),
  "/downloads": (response) => response.writeHead(200, { "content-type": "text/html" }).end(page("Downloads", '<a href="/file">The list</a>')),
  "/sign-in": (response) => response.writeHead(200, { "content-type": "text/html", "set-cookie": "who=me; Path=/" }).end(page("In", "Welcome")),
  "/who": (response, cookie) => response.writeHead(cookie.includes("who=me") ? 200 : 403, { "content-type": "text/html" }).end(page("Who", cookie || "nobody")),
};

export async function world(make: (listener: Parameters<typeof createServer>[1]) => Server = (listener) => createServer(listener!)): Promise<World> {
  let seen = 0;
  const server = make((request, response) => {
    seen += 1;
    const path = request.url!.replace(/\?.*/, "");
    const special = later[path];
    if (special) return special(response, request.headers.cookie ?? "");
    response.writeHead(pages[path] === undefined ? 404 : 200, { "content-type": "text/html" }).end(pages[path] ?? page("No", "No"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const scheme = "setSecureContext" in server ? "https" : "http";
  return {
    base: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: () => seen,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
