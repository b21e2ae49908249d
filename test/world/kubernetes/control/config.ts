/** What the control plane is started with. Pure. Its clocks run fast enough for tests; README.md lists them. */
import { join } from "node:path";
import { network, type Bed } from "../bed.ts";
import type { pkiOf } from "../pki/authority.ts";

const flags = (settings: Readonly<Record<string, string | number | boolean>>): readonly string[] => Object.entries(settings).map(([name, value]) => `--${name}=${value}`);

const client = "http://127.0.0.1:2379";

export const etcdFlags = (bed: Bed): readonly string[] => flags({
  "data-dir": join(bed.folder, "etcd"),
  "unsafe-no-fsync": true,
  "listen-client-urls": client,
  "advertise-client-urls": client,
  "listen-peer-urls": "http://127.0.0.1:2380",
});

export const apiFlags = (pki: ReturnType<typeof pkiOf>, certificates: string): readonly string[] => flags({
  "etcd-servers": client,
  "advertise-address": network.api,
  "secure-port": network.apiPort,
  "cert-dir": certificates,
  "tls-cert-file": pki.api,
  "tls-private-key-file": pki.apiKey,
  "client-ca-file": pki.authority,
  "kubelet-client-certificate": pki.kubelets,
  "kubelet-client-key": pki.kubeletsKey,
  "kubelet-preferred-address-types": "InternalIP",
  "service-account-key-file": pki.accountsPublic,
  "service-account-signing-key-file": pki.accounts,
  "service-account-issuer": "https://kubernetes.default.svc",
  "authorization-mode": "Node,RBAC",
  "enable-admission-plugins": "NodeRestriction",
  "service-cluster-ip-range": network.services,
  "allow-privileged": true,
  // A node that is gone gives up its pods after this time instead of five minutes.
  "default-not-ready-toleration-seconds": 15,
  "default-unreachable-toleration-seconds": 15,
});

export const controllerFlags = (pki: ReturnType<typeof pkiOf>, kubeconfig: string, plugins: string, certificates: string): readonly string[] => flags({
  kubeconfig,
  "cert-dir": certificates,
  "service-account-private-key-file": pki.accounts,
  "root-ca-file": pki.authority,
  "cluster-signing-cert-file": pki.authority,
  "cluster-signing-key-file": pki.authorityKey,
  "use-service-account-credentials": true,
  "leader-elect": false,
  "flex-volume-plugin-dir": plugins,
  "node-monitor-period": "2s",
  "node-monitor-grace-period": "16s",
  "node-eviction-rate": 1,
  "secondary-node-eviction-rate": 1,
  "kube-api-qps": 200,
  "kube-api-burst": 400,
});

export const schedulerFlags = (kubeconfig: string, certificates: string): readonly string[] => flags({
  kubeconfig, "cert-dir": certificates, "leader-elect": false, "kube-api-qps": 200, "kube-api-burst": 400,
});

/** Only nodes that say so are kept alive by it; real ones are left to their kubelets. */
export const kwokFlags = (kubeconfig: string, stages: readonly string[]): readonly string[] => flags({
  kubeconfig, config: stages.join(","), "manage-all-nodes": false, "manage-nodes-with-annotation-selector": `${fakeMark}=fake`,
  "node-lease-duration-seconds": 20, cidr: "172.29.0.0/16", "node-ip": "172.29.0.1", "server-address": "127.0.0.1:10247",
});

/** The annotation of a fake node, and the key of its taint. */
export const fakeMark = "kwok.x-k8s.io/node";
