import { connect as connectRaw, type Socket } from "node:net";
import { connect } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import { failureOf, until } from "../../contract/driver.ts";
import { certificatesFor, serve, serveRaw, sit, type Certificates } from "./worlds.ts";

let ours: Certificates;
let elsewhere: Certificates;
let mary: Certificates;
beforeAll(() => {
  ours = certificatesFor("127.0.0.1", "IP:127.0.0.1");
  elsewhere = certificatesFor("shop.example", "DNS:shop.example");
  mary = certificatesFor("mary", "DNS:mary");
});
const greet: Parameters<typeof serve>[0] = (_, response) => response.end("safe");

describe("https", () => {
  test("a certificate of an unknown authority is refused before anything is sent", async () => {
    const world = await serve(greet, ours);
    const { session, ops } = await sit({ base: world.base });
    expect(await failureOf(session.post("/"))).toMatchObject({ outcome: "refused", failure: { cause: "tls", error: expect.stringMatching(/CERT|ISSUER|SIGNATURE/) } });
    expect([world.lines, ops.length]).toEqual([[], 1]);
  });

  test("its authority can be trusted, or anything", async () => {
    const world = await serve(greet, ours);
    for (const tls of [{ ca: ours.ca }, { ca: [elsewhere.ca, Buffer.from(ours.ca)] }, { insecure: true }]) {
      const { session } = await sit({ base: world.base, tls });
      expect((await session.get("/")).text()).toBe("safe");
      expect((await session.get("/")).text()).toBe("safe");
    }
    expect(world.connections()).toBe(3);
  });

  test("a certificate for another name is refused, unless that name is asked for", async () => {
    const world = await serve(greet, elsewhere);
    const { session } = await sit({ base: world.base, tls: { ca: elsewhere.ca } });
    expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "refused", failure: { cause: "tls", error: "ERR_TLS_CERT_ALTNAME_INVALID" } });
    const { session: asking } = await sit({ base: world.base, tls: { ca: elsewhere.ca, servername: "shop.example" } });
    expect((await asking.get("/")).text()).toBe("safe");
  });

  test("one that has expired, and one that vouches for itself", async () => {
    const expired = certificatesFor("127.0.0.1", "IP:127.0.0.1", -1);
    const { session: late } = await sit({ base: (await serve(greet, expired)).base, tls: { ca: expired.ca } });
    expect(await failureOf(late.post("/"))).toMatchObject({ outcome: "refused", failure: { cause: "tls", error: "CERT_HAS_EXPIRED" } });
    const itself = await serve(greet, { cert: ours.ca, key: ours.caKey });
    const { session: alone } = await sit({ base: itself.base });
    expect(await failureOf(alone.post("/"))).toMatchObject({ outcome: "refused", failure: { cause: "tls", error: "DEPTH_ZERO_SELF_SIGNED_CERT" } });
    expect(itself.lines).toEqual([]);
  });

  /** What happens on the way, once half of an answer has passed. */
  test.each<[string, (client: Socket, server: Socket) => void]>([
    ["an alert", (_, server) => server.write(Buffer.from([23, 3, 3, 0, 32, ...Buffer.alloc(32)]))],
    ["an end without a goodbye", (client) => client.end()],
    ["a reset", (client) => client.resetAndDestroy()],
    ["a record that was tampered with", (client) => client.write(Buffer.from([23, 3, 3, 0, 32, ...Buffer.alloc(32)]))],
  ])("%s in the middle of an answer cuts it short", async (_, meddle) => {
    const world = await serve((_, response) => response.writeHead(200, { "content-length": "100" }).write("half"), ours);
    let answered = false;
    const between = await serveRaw((client) => {
      const server = connectRaw(world.port, "127.0.0.1");
      client.on("close", () => server.destroy()).on("data", (bytes) => server.write(bytes));
      server.on("error", () => {}).on("data", (bytes) => {
        client.write(bytes);
        if (world.lines.length > 0 && !answered) {
          answered = true;
          // The answer, and nothing of the handshake, is what came with it or comes at once.
          setTimeout(() => meddle(client, server), 50);
        }
      });
    });
    const { session, ops } = await sit({ base: between.base.replace("http:", "https:"), tls: { ca: ours.ca }, timeout: "10s" });
    expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "unsure", failure: { cause: "cut short", status: 200, body: "half" } });
    expect(ops).toHaveLength(1);
    await until("the connection's end", () => between.open() === 0);
  });

  test("a client's certificate, where the service asks for one", async () => {
    const world = await serve(
      (request, response) => response.end((request.socket as ReturnType<typeof connect>).getPeerCertificate().subject.CN as string),
      { ...ours, ca: mary.ca, requestCert: true, rejectUnauthorized: true },
    );
    const { session } = await sit({ base: world.base, tls: { ca: ours.ca, cert: mary.cert, key: mary.key } });
    expect((await session.get("/")).text()).toBe("mary");
    const { session: nobody } = await sit({ base: world.base, tls: { ca: ours.ca } });
    const { outcome, failure } = await failureOf(nobody.get("/"));
    // The server's refusal races with its closing; neither lets the request through.
    expect([["refused", "tls"], ["unsure", "reset"]]).toContainEqual([outcome, failure.cause]);
    expect(world.lines).toEqual(["GET /"]);
  });

  test.each([
    ["speaks plain http", (socket: import("node:net").Socket) => void socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))],
    ["hangs up in the handshake", (socket: import("node:net").Socket) => void socket.on("data", () => socket.destroy())],
  ])("a server that %s", async (_, talk) => {
    const world = await serveRaw(talk);
    const { session } = await sit({ base: world.base.replace("http:", "https:"), tls: { insecure: true } });
    expect(await failureOf(session.get("/"))).toMatchObject({ outcome: "refused", failure: { cause: "tls" } });
  });
});
