import { createPrivateKey, X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:tls";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newAuthority, newPair, type Wish } from "./pki/certificate.ts";
import { integer, objectId, time } from "./pki/der.ts";

const authority = { ...newAuthority("harbour"), name: "harbour" };
const known = new X509Certificate(authority.certificate);
const from = (wish: Wish) => newPair(wish, authority);

describe("certificates", () => {
  test("an authority is one, and what it signs is its own", () => {
    const pair = from({ subject: { name: "bob", groups: ["crew", "cooks"] }, hosts: ["localhost", "api.default.svc", "172.30.0.1"] });
    const certificate = new X509Certificate(pair.certificate);
    expect(known.ca).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.subject).toBe("O=crew\nO=cooks\nCN=bob");
    expect(certificate.issuer).toBe("CN=harbour");
    expect(certificate.verify(known.publicKey)).toBe(true);
    expect(certificate.checkIssued(known)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(pair.key))).toBe(true);
    for (const host of ["localhost", "api.default.svc"]) expect(certificate.checkHost(host)).toBe(host);
    expect(certificate.checkIP("172.30.0.1")).toBe("172.30.0.1");
    expect(certificate.checkHost("elsewhere")).toBeUndefined();
    expect(certificate.verify(new X509Certificate(newAuthority("harbour").certificate).publicKey)).toBe(false);
  });

  test("one that ended is expired, whatever else it says", () => {
    const ended = new X509Certificate(from({ subject: { name: "late" }, to: new Date(Date.now() - 60_000) }).certificate);
    expect(ended.validToDate.getTime()).toBeLessThan(Date.now());
    expect(ended.validFromDate.getTime()).toBeLessThan(ended.validToDate.getTime());
  });

  test("an address of version 6 is refused, not left out", () => expect(() => from({ subject: { name: "x" }, hosts: ["::1"] })).toThrow(/version 4/));

  test("a server and a client that show them know each other", async () => {
    const server = createServer({ ca: authority.certificate, requestCert: true, ...served(from({ subject: { name: "server" }, hosts: ["localhost", "127.0.0.1"] })) });
    const seen = new Promise((resolve) => server.on("secureConnection", (socket) => resolve({ known: socket.authorized, name: socket.getPeerCertificate().subject.CN })));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const client = connect({ host: "127.0.0.1", port: (server.address() as AddressInfo).port, ca: authority.certificate, ...served(from({ subject: { name: "client" } })) });
    await new Promise((resolve, reject) => client.on("secureConnect", resolve).on("error", reject));
    expect(client.authorized).toBe(true);
    expect(await seen).toEqual({ known: true, name: "client" });
    client.destroy();
    server.close();
  });

  test("whole numbers keep their value and never look negative", () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 160n }), (value) => {
      const bytes = Buffer.from(value.toString(16).padStart(value.toString(16).length + (value.toString(16).length % 2), "0"), "hex");
      const encoded = integer(bytes);
      const body = encoded.subarray(2);
      expect(encoded[0]).toBe(2);
      expect(encoded[1]).toBe(body.length);
      expect(BigInt(`0x${body.toString("hex")}`)).toBe(value);
      expect(body[0]! < 0x80).toBe(true);
      if (body.length > 1) expect(body[0] === 0 && body[1]! < 0x80).toBe(false);
    }));
  });

  test.each([["1.2.840.10045.4.3.2", "06082a8648ce3d040302"], ["2.5.29.17", "0603551d11"]])("the object %s", (dotted, hex) => expect(objectId(dotted).toString("hex")).toBe(hex));

  test.each([["2049-12-31T23:59:59Z", "170d3439313233313233353935395a"], ["2050-01-01T00:00:00Z", "180f32303530303130313030303030305a"]])("the time %s", (at, hex) =>
    expect(time(new Date(at)).toString("hex")).toBe(hex));
});

const served = ({ key, certificate }: { readonly key: string; readonly certificate: string }) => ({ key, cert: certificate });
