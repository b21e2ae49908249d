/** The door of the HTTP driver. Importing it loads no HTTP library; opening a session does. */
import type { Driver, OpenContext } from "../../src/model/driver.ts";
import { problem } from "../../src/units/errors.ts";
import { parseBase } from "./address.ts";
import { Jar } from "./cookies.ts";
import type { Engine } from "./engine.ts";
import { patienceOf } from "./patience.ts";
import { OpenSession, type HttpSession } from "./session.ts";
import { readSettings, type HttpSettings, type Settings } from "./settings.ts";
import { Sharing } from "./sharing.ts";
import { simulatedEngine } from "./simulated.ts";

export { basic, bearer, type Auth } from "./auth.ts";
export { form, multipart, type Body } from "./body.ts";
export type { Cookies } from "./cookies.ts";
export type { Expect } from "./expect.ts";
export type { Timings } from "./timings.ts";
export { file, stream, type Upload } from "./upload.ts";
export type { Reply } from "./reply.ts";
export type { HttpSession, RequestOptions } from "./session.ts";
export type { HttpSettings } from "./settings.ts";

/**
 * Sessions over HTTP: to an address, or to a service of the cluster by its name.
 *
 * @throws SEA_HTTP_SETTING, SEA_HTTP_BASE, SEA_HTTP_HEADER, SEA_UNIT_DURATION for settings that can't be
 * @example
 * const shop = http({ base: "https://shop.staging.example", timeout: "5s", auth: bearer(token) });
 * const browse = journey({ shop }, async ({ shop }) => {
 *   const reply = await shop.get("/items", { params: { page: 2 } });
 *   await shop.get(`/items/${reply.json<{ id: string }[]>()[0]!.id}`, { name: "/items/:id" });
 * });
 */
export function http(settings: HttpSettings): Driver<HttpSession> {
  const read = readSettings(settings);
  const sharing = read.pool === "shared" ? new Sharing() : undefined;
  const driver: Driver<OpenSession> = {
    kind: "http",
    service: read.service,
    rehearses: true,
    // How many of a shared pool are one session's, nobody knows.
    ...(!sharing && { sockets: read.connections }),
    ...(read.tls.insecure && { caveats: [`Certificates are not checked for ${read.base?.origin ?? `service ${read.service}`} (tls.insecure).`] }),
    open: (context) => open(read, context, sharing),
    renew: (session) => session.renew(),
    close: (session) => session.close(),
  };
  return Object.freeze(driver);
}

async function open(settings: Settings, context: OpenContext, sharing: Sharing | undefined): Promise<OpenSession> {
  const base = settings.base ?? baseOf(settings.service!, context);
  const { CookieJar } = await import("tough-cookie");
  const make = () => realEngine(settings, context);
  const engine = context.simulated ? simulatedEngine(context.simulated) : await (sharing ? sharing.join(context.clock, make) : make());
  return new OpenSession(context, engine, patienceOf(context.clock), new Jar(() => new CookieJar(), base, () => context.clock.wallMs()), base, settings);
}

async function realEngine(settings: Settings, { clock, say }: OpenContext): Promise<Engine> {
  switch (settings.engine) {
    case "auto":
      return (await import("./negotiated.ts")).negotiatedEngine(settings, clock, say);
    case "wire":
      return (await import("./wire/index.ts")).wireEngine(settings, clock);
    case "h2":
      return (await import("./h2/index.ts")).h2Engine(settings, clock, say);
    case "undici":
      return (await import("./undici.ts")).undiciEngine(settings, clock);
  }
}

function baseOf(service: string, context: OpenContext): URL {
  const address = context.service(service);
  if (address === undefined) throw problem("SEA_HTTP_SERVICE", { service }, "http.service");
  return parseBase(address, `service ${service}`);
}
