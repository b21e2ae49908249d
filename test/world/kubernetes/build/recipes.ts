/**
 * What the test bed builds from published Go modules, and how: pure data. A component's key names
 * its folder in the cache, and everything that changes the binaries changes the key.
 */
import { createHash } from "node:crypto";

export interface Recipe {
  readonly name: string;
  readonly version: string;
  /** The text of the go.mod of a module that only exists to build this one. */
  readonly mod: string;
  /** Sums that the checksum database lacks. */
  readonly sum?: string;
  /** Import paths of the main packages, each with the name of its binary. */
  readonly programs: Readonly<Record<string, string>>;
  readonly cgo: boolean;
  /** `-X` settings of the linker. */
  readonly set?: Readonly<Record<string, string>>;
  /** Folders and files of the module itself that belong beside the binaries: module path → paths in it. */
  readonly files?: Readonly<Record<string, readonly string[]>>;
}

const kubernetesVersion = "1.36.4";

/** The modules that Kubernetes keeps in its own tree; it requires them at v0.0.0. */
const staging = [
  "api", "apiextensions-apiserver", "apimachinery", "apiserver", "cli-runtime", "client-go", "cloud-provider",
  "cluster-bootstrap", "code-generator", "component-base", "component-helpers", "controller-manager", "cri-api",
  "cri-client", "cri-streaming", "csi-translation-lib", "dynamic-resource-allocation", "endpointslice", "externaljwt",
  "kms", "kube-aggregator", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubectl", "kubelet", "metrics",
  "mount-utils", "pod-security-admission", "sample-apiserver", "sample-cli-plugin", "sample-controller", "streaming",
];

/** The text of a go.mod that requires modules at a version, some of them from elsewhere. */
export function modText(name: string, required: Readonly<Record<string, string>>, replaced: Readonly<Record<string, string>> = {}, more = ""): string {
  const lines = (entries: Readonly<Record<string, string>>, sign: string) => Object.entries(entries).map(([path, version]) => `\t${path} ${sign}${version}\n`).join("");
  const replacements = Object.keys(replaced).length === 0 ? "" : `\nreplace (\n${lines(replaced, "=> ")})\n`;
  return `module testbed.seatrial/${name}\n\ngo 1.26.0\n${more}\nrequire (\n${lines(required, "")})\n${replacements}`;
}

const [major = "", minor = ""] = kubernetesVersion.split(".");

const ofKubernetes = Object.fromEntries(staging.map((name) => [`k8s.io/${name}`, `k8s.io/${name} v0.${kubernetesVersion.slice(2)}`]));

/** All five with cgo, which the kubelet needs, so that they share one compilation. */
const kubernetes: Recipe = {
  name: "kubernetes",
  version: kubernetesVersion,
  mod: modText("kubernetes", { "k8s.io/kubernetes": `v${kubernetesVersion}` }, ofKubernetes, "\ngodebug default=go1.26\n"),
  programs: Object.fromEntries(["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"].map((name) => [`k8s.io/kubernetes/cmd/${name}`, name])),
  cgo: true,
  set: Object.fromEntries(Object.entries({ gitVersion: `v${kubernetesVersion}`, gitMajor: major, gitMinor: minor }).map(([name, value]) => [`k8s.io/component-base/version.${name}`, value])),
};

const etcd: Recipe = {
  name: "etcd",
  version: "3.7.3",
  mod: modText("etcd", { "go.etcd.io/etcd/server/v3": "v3.7.3" }),
  programs: { "go.etcd.io/etcd/server/v3": "etcd" },
  cgo: false,
};

/** What becomes of nodes and pods on paper: kwok's own stages, which its program does not carry. */
export const kwokStages = ["node/fast/node-initialize", "node/heartbeat-with-lease/node-heartbeat-with-lease", "pod/fast/pod-ready", "pod/fast/pod-complete", "pod/fast/pod-delete"].map((stage) => `kustomize/stage/${stage}.yaml`);

/** With the modules that Kubernetes itself is built of, which are compiled already. */
const kwok: Recipe = {
  name: "kwok",
  version: "0.8.0",
  mod: modText("kwok", { "sigs.k8s.io/kwok": "v0.8.0" }, ofKubernetes),
  programs: { "sigs.k8s.io/kwok/cmd/kwok": "kwok" },
  cgo: true,
  files: { "sigs.k8s.io/kwok": kwokStages },
};

const chaosVersion = "v0.9.1-0.20260902003049-47411975a8cb";

/** What of its own tree Chaos Mesh takes Kubernetes from. */
const chaosStaging = staging.filter((name) => name !== "cri-streaming" && name !== "streaming");

/** Its tags of version 2 are none to Go, and its API is a module of its own without tags. */
const chaosMesh: Recipe = {
  name: "chaos-mesh",
  version: "2.8",
  mod: modText(
    "chaos-mesh",
    { "github.com/chaos-mesh/chaos-mesh": chaosVersion },
    {
      "github.com/chaos-mesh/chaos-mesh/api": "github.com/chaos-mesh/chaos-mesh/api v0.0.0-20260906172039-d70b66ad97ac",
      "github.com/opencontainers/runtime-spec": "github.com/opencontainers/runtime-spec v1.2.0",
      ...Object.fromEntries(chaosStaging.map((name) => [`k8s.io/${name}`, `k8s.io/${name} v0.35.3`])),
    },
  ),
  sum: "github.com/chaos-mesh/fx-logr v0.1.0 h1:PpcZupwNV412MuwTc9VmV0MVV6yfOkJj5OUw/gq8bvo=\ngithub.com/chaos-mesh/fx-logr v0.1.0/go.mod h1:E/YEQAKSnn+vDMjlf7Ju/gZeobSLchNkSReaE68r8eA=\n",
  programs: { "github.com/chaos-mesh/chaos-mesh/cmd/chaos-controller-manager": "chaos-controller-manager" },
  cgo: false,
  files: { "github.com/chaos-mesh/chaos-mesh": ["config/crd/bases"] },
};

export const recipes = { kubernetes, etcd, kwok, "chaos-mesh": chaosMesh } as const satisfies Readonly<Record<string, Recipe>>;
export type Component = keyof typeof recipes;

export const isComponent = (name: string): name is Component => Object.hasOwn(recipes, name);

/** Without debugging information, which nobody reads here and which takes a tenth of the time. */
export const goFlags = ["-trimpath", "-gcflags=all=-dwarf=false"];

/** The name of a component's folder in the cache: its version, and a hash of all that goes into it. */
export function keyOf(recipe: Recipe): string {
  const hash = createHash("sha256").update(JSON.stringify([recipe, goFlags])).digest("hex");
  return `${recipe.name}-${recipe.version}-${hash.slice(0, 10)}`;
}
