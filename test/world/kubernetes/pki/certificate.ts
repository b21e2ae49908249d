import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";
import { bits, choice, integer, objectId, octets, sequence, set, text, time, truth } from "./der.ts";

export interface Pair {
  /** Both as PEM. */
  readonly key: string;
  readonly certificate: string;
}

/** Who a certificate is for; Kubernetes takes the name as the user and the groups as its groups. */
export interface Subject {
  readonly name: string;
  readonly groups?: readonly string[];
}

export interface Wish {
  readonly subject: Subject;
  /** DNS names and addresses that a server answers under. */
  readonly hosts?: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
}

const dayMs = 86_400_000;

/** A private key (P-256) as PEM. */
export const newKey = (): string => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

export const publicKeyOf = (key: string): string => createPublicKey(key).export({ type: "spki", format: "pem" }).toString();

/** An authority of its own. */
export function newAuthority(name: string, at: Date = new Date()): Pair {
  const key = newKey();
  return { key, certificate: certify({ subject: { name }, from: new Date(at.getTime() - dayMs), to: new Date(at.getTime() + 3_650 * dayMs) }, key, { key, name }, true) };
}

/**
 * A key and its certificate from an authority.
 *
 * @param wish.to default: in a year. One that lies in the past gives an expired certificate
 * @param authority with the name that `newAuthority` was given
 */
export function newPair(wish: Wish, authority: Pair & { readonly name: string }, at: Date = new Date()): Pair {
  const key = newKey();
  const from = wish.from ?? new Date(Math.min(at.getTime(), wish.to?.getTime() ?? Infinity) - dayMs);
  return { key, certificate: certify({ ...wish, from, to: wish.to ?? new Date(at.getTime() + 365 * dayMs) }, key, authority, false) };
}

const ecdsaWithSha256 = sequence(objectId("1.2.840.10045.4.3.2"));

function certify(wish: Wish & { readonly from: Date; readonly to: Date }, key: string, issuer: { readonly key: string; readonly name: string }, authority: boolean): string {
  const body = sequence(
    choice(0, true, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    ecdsaWithSha256,
    nameOf({ name: issuer.name }),
    sequence(time(wish.from), time(wish.to)),
    nameOf(wish.subject),
    createPublicKey(key).export({ type: "spki", format: "der" }),
    choice(3, true, sequence(...extensions(wish.hosts ?? [], authority, keyId(key), keyId(issuer.key)))),
  );
  const certificate = sequence(body, ecdsaWithSha256, bits(sign("sha256", body, createPrivateKey(issuer.key))));
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
}

const keyId = (key: string): Buffer => createHash("sha1").update(createPublicKey(key).export({ type: "spki", format: "der" })).digest();

const nameOf = ({ name, groups = [] }: Subject): Buffer =>
  sequence(...groups.map((group) => set(sequence(objectId("2.5.4.10"), text(group)))), set(sequence(objectId("2.5.4.3"), text(name))));

function extensions(hosts: readonly string[], authority: boolean, own: Buffer, issuers: Buffer): readonly Buffer[] {
  const critical = (id: string, value: Buffer) => sequence(objectId(id), truth(), octets(value));
  const plain = (id: string, value: Buffer) => sequence(objectId(id), octets(value));
  return [
    critical("2.5.29.19", authority ? sequence(truth()) : sequence()),
    // An authority signs certificates; everybody else signs what is said in a handshake.
    critical("2.5.29.15", authority ? bits(Buffer.from([0x04]), 2) : bits(Buffer.from([0x80]), 7)),
    plain("2.5.29.14", octets(own)),
    plain("2.5.29.35", sequence(choice(0, false, issuers))),
    ...(authority ? [] : [plain("2.5.29.37", sequence(objectId("1.3.6.1.5.5.7.3.1"), objectId("1.3.6.1.5.5.7.3.2")))]),
    ...(hosts.length === 0 ? [] : [plain("2.5.29.17", sequence(...hosts.map(hostOf)))]),
  ];
}

function hostOf(host: string): Buffer {
  if (isIP(host) === 4) return choice(7, false, Buffer.from(host.split(".").map(Number)));
  if (isIP(host) !== 0) throw new Error(`${host}: only names and addresses of version 4 can be in a certificate here`);
  return choice(2, false, Buffer.from(host, "latin1"));
}
