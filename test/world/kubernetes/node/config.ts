/** The settings of what runs on a node, as texts. Pure. The paths are those inside the node. */
import { network, type NodePlace } from "../bed.ts";

export const socket = "/run/containerd/containerd.sock";
export const pauseImage = "seatrial.test/pause:1";

/** Folders of a node that it has for itself, each over the machine's of that path. */
export const ownFolders: Readonly<Record<string, string>> = { run: "/run", lib: "/var/lib", log: "/var/log" };

/** What the kubelet would otherwise set for the whole machine: it finds these as it wants them. */
const kernelSettings: Readonly<Record<string, string>> = {
  "vm/overcommit_memory": "1",
  "vm/panic_on_oom": "0",
  "kernel/panic": "10",
  "kernel/panic_on_oops": "1",
  "kernel/keys/root_maxkeys": "1000000",
  "kernel/keys/root_maxbytes": "25000000",
};

/**
 * The first process of a node, in namespaces of its own: shapes them, then reaps its orphans until it
 * dies, and all of the node with it.
 *
 * @param boot tells this start of the machine from every other
 */
export const initText = (node: NodePlace, boot: string): string => `set -eu
cd ${node.folder}
mkdir -p kernel
hide() { printf '%s\\n' "$2" > "kernel/$(basename "$1")"; mount --bind "kernel/$(basename "$1")" "$1"; }
hide /proc/sys/kernel/random/boot_id ${boot}
${Object.entries(kernelSettings).map(([path, value]) => `hide /proc/sys/${path} ${value}\n`).join("")}hostname ${node.name}
mkdir -p ${Object.keys(ownFolders).join(" ")}
${Object.entries(ownFolders).map(([folder, path]) => `mount --bind ${folder} ${path}\n`).join("")}mkdir -p /run/lock
mount --make-rshared /
trap '' TERM INT HUP
: > booted
while :; do sleep 100000 & wait; done
`;

export const cniText = (node: NodePlace): string => `${JSON.stringify({
  cniVersion: "0.4.0",
  name: "pods",
  plugins: [
    { type: "ptp", ipMasq: false, ipam: { type: "host-local", ranges: [[{ subnet: node.pods }]], routes: [{ dst: "0.0.0.0/0" }], dataDir: "/var/lib/cni/addresses" } },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
}, undefined, 2)}\n`;

/** Without the right to raise a process's chance to live, which a container has not, nothing may ask for it. */
export const containerdText = (node: NodePlace): string => `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
oom_score = 0
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
address = "${socket}"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${pauseImage}"
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "${node.folder}/cni"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.internal.v1.opt"]
path = "/var/lib/containerd/opt"
`;

/** @param openFiles the most that this process may open, which the kubelet can't raise */
export const kubeletText = (node: NodePlace, authority: string, openFiles: number): string => `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: { enabled: false }
  webhook: { enabled: true, cacheTTL: 2s }
  x509: { clientCAFile: "${authority}" }
authorization: { mode: Webhook, webhook: { cacheAuthorizedTTL: 2s, cacheUnauthorizedTTL: 2s } }
containerRuntimeEndpoint: "unix://${socket}"
cgroupDriver: cgroupfs
cgroupRoot: "/${node.cgroup}"
failCgroupV1: false
failSwapOn: false
enforceNodeAllocatable: []
oomScoreAdj: 0
maxOpenFiles: ${openFiles}
volumePluginDir: /var/lib/kubelet/volume-plugins
resolvConf: ""
clusterDomain: cluster.local
nodeStatusUpdateFrequency: 2s
nodeStatusReportFrequency: 10s
nodeLeaseDurationSeconds: 8
syncFrequency: 10s
registerWithTaints: []
serializeImagePulls: false
evictionHard: { memory.available: 50Mi, nodefs.available: 1%, imagefs.available: 1% }
imageGCHighThresholdPercent: 100
shutdownGracePeriod: 0s
crashLoopBackOff: { maxContainerRestartPeriod: 10s }
`;

/** @param name of a node; endpoints there are the near ones */
export const proxyText = (name: string, address: string, kubeconfig: string): string => `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
bindAddress: ${address}
clientConnection: { kubeconfig: "${kubeconfig}" }
hostnameOverride: ${name}
clusterCIDR: ${network.pods}
nodePortAddresses: ["${network.nodes}"]
healthzBindAddress: "${address}:10256"
metricsBindAddress: "127.0.0.1:10249"
oomScoreAdj: 0
nftables: { minSyncPeriod: 200ms }
conntrack: { maxPerCore: 0, min: 0 }
`;
