import type { Resource } from "./api.ts";

const of = (group: string, version: string, namespaced: boolean) => (kind: string, plural: string): Resource => ({ group, version, plural, kind, namespaced });
const core = of("", "v1", true);
const coreWide = of("", "v1", false);
const apps = of("apps", "v1", true);
const rbac = of("rbac.authorization.k8s.io", "v1", true);
const rbacWide = of("rbac.authorization.k8s.io", "v1", false);

export const pods = core("Pod", "pods");
export const services = core("Service", "services");
export const events = core("Event", "events");
export const configMaps = core("ConfigMap", "configmaps");
export const secrets = core("Secret", "secrets");
export const serviceAccounts = core("ServiceAccount", "serviceaccounts");
export const nodes = coreWide("Node", "nodes");
export const namespaces = coreWide("Namespace", "namespaces");

export const deployments = apps("Deployment", "deployments");
export const replicaSets = apps("ReplicaSet", "replicasets");
export const statefulSets = apps("StatefulSet", "statefulsets");
export const daemonSets = apps("DaemonSet", "daemonsets");
export const controllerRevisions = apps("ControllerRevision", "controllerrevisions");

export const jobs = of("batch", "v1", true)("Job", "jobs");
export const podDisruptionBudgets = of("policy", "v1", true)("PodDisruptionBudget", "poddisruptionbudgets");
export const networkPolicies = of("networking.k8s.io", "v1", true)("NetworkPolicy", "networkpolicies");
export const leases = of("coordination.k8s.io", "v1", true)("Lease", "leases");
export const endpointSlices = of("discovery.k8s.io", "v1", true)("EndpointSlice", "endpointslices");
export const roles = rbac("Role", "roles");
export const roleBindings = rbac("RoleBinding", "rolebindings");
export const clusterRoles = rbacWide("ClusterRole", "clusterroles");
export const clusterRoleBindings = rbacWide("ClusterRoleBinding", "clusterrolebindings");
export const accessReviews = of("authorization.k8s.io", "v1", false)("SelfSubjectAccessReview", "selfsubjectaccessreviews");
export const customResources = of("apiextensions.k8s.io", "v1", false)("CustomResourceDefinition", "customresourcedefinitions");

/** "v1", "apps/v1". */
export const apiVersionOf = ({ group, version }: Resource): string => (group === "" ? version : `${group}/${version}`);

/** Where the server keeps them: all, those of a namespace, or one. */
export function pathOf(resource: Resource, namespace?: string, name?: string, subresource?: string): string {
  const root = resource.group === "" ? "/api/v1" : `/apis/${resource.group}/${resource.version}`;
  const parts = [...(resource.namespaced && namespace !== undefined ? ["namespaces", namespace] : []), resource.plural, ...(name !== undefined ? [name] : []), ...(subresource !== undefined ? [subresource] : [])];
  return `${root}/${parts.map(encodeURIComponent).join("/")}`;
}
