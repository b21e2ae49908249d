import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { network, type Bed } from "../bed.ts";
import { newAuthority, newKey, newPair, publicKeyOf, type Pair, type Subject } from "./certificate.ts";
import { kubeconfigText } from "./kubeconfig.ts";

const authorityName = "seatrial-testbed";
const folderOf = (bed: Bed): string => join(bed.folder, "pki");

/** The files of a bed's keys and certificates, made once. */
export function pkiOf(bed: Bed): Readonly<Record<"authority" | "authorityKey" | "api" | "apiKey" | "kubelets" | "kubeletsKey" | "accounts" | "accountsPublic", string>> {
  const at = (name: string) => join(folderOf(bed), name);
  return {
    authority: at("authority.crt"), authorityKey: at("authority.key"),
    api: at("api.crt"), apiKey: at("api.key"),
    kubelets: at("to-kubelets.crt"), kubeletsKey: at("to-kubelets.key"),
    accounts: at("accounts.key"), accountsPublic: at("accounts.pub"),
  };
}

const keep = (file: string, text: string): void => writeFileSync(file, text, { mode: 0o600 });

/** Makes the bed's authority and all that the control plane shows or signs with; leaves alone what is there. */
export function makePki(bed: Bed): void {
  if (existsSync(folderOf(bed))) return;
  // Under another name until it is whole, so that one that was killed here begins anew.
  const whole = bed;
  const work = { ...bed, folder: join(bed.folder, "new") };
  mkdirSync(folderOf(work), { recursive: true });
  const files = pkiOf(work);
  const authority = { ...newAuthority(authorityName), name: authorityName };
  const write = (pair: Pair, certificate: string, key: string) => {
    keep(certificate, pair.certificate);
    keep(key, pair.key);
  };
  write(authority, files.authority, files.authorityKey);
  const hosts = [network.api, "127.0.0.1", network.firstService, "localhost", ...["", ".default", ".default.svc", ".default.svc.cluster.local"].map((end) => `kubernetes${end}`)];
  write(newPair({ subject: { name: "kube-apiserver" }, hosts }, authority), files.api, files.apiKey);
  write(newPair({ subject: { name: "kube-apiserver", groups: ["system:masters"] } }, authority), files.kubelets, files.kubeletsKey);
  const accounts = newKey();
  keep(files.accounts, accounts);
  keep(files.accountsPublic, publicKeyOf(accounts));
  renameSync(folderOf(work), folderOf(whole));
}

/** A key and a certificate of the bed's authority. */
export function pairFrom(bed: Bed, wish: Parameters<typeof newPair>[0]): Pair {
  const files = pkiOf(bed);
  return newPair(wish, { name: authorityName, key: readFileSync(files.authorityKey, "utf8"), certificate: readFileSync(files.authority, "utf8") });
}

/**
 * The kubeconfig of a user, made when it is not there.
 *
 * @param life how long the certificate is valid, in ms; below zero: it ended so long ago. Default: a year, and the file is kept
 */
export function userConfig(bed: Bed, subject: Subject, life?: number): string {
  const file = join(bed.folder, "users", `${subject.name.replace(/[^\w.-]/g, "-")}.kubeconfig`);
  if (existsSync(file) && life === undefined) return file;
  mkdirSync(join(bed.folder, "users"), { recursive: true, mode: 0o700 });
  const pair = pairFrom(bed, { subject, ...(life === undefined ? {} : { to: new Date(Date.now() + life) }) });
  const work = `${file}.${process.pid}`;
  keep(work, kubeconfigText(bed.name, subject.name, readFileSync(pkiOf(bed).authority, "utf8"), pair));
  renameSync(work, file);
  return file;
}
