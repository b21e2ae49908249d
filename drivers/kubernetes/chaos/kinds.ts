// Made from the custom resource definitions of github.com/chaos-mesh/chaos-mesh v0.9.1-0.20260902003049-47411975a8cb
// by `npm run chaos-types`: don't edit it.

interface AWSChaosSpec {
  readonly action: "ec2-stop" | "ec2-restart" | "detach-volume";
  readonly awsRegion: string;
  readonly deviceName?: string;
  readonly duration?: string;
  readonly ec2Instance: string;
  readonly endpoint?: string;
  readonly remoteCluster?: string;
  readonly secretName?: string;
  readonly volumeID?: string;
}

interface AzureChaosSpec {
  readonly action: "vm-stop" | "vm-restart" | "disk-detach";
  readonly diskName?: string;
  readonly duration?: string;
  readonly lun?: number;
  readonly remoteCluster?: string;
  readonly resourceGroupName: string;
  readonly secretName?: string;
  readonly subscriptionID: string;
  readonly vmName: string;
}

interface BlockChaosDelay {
  readonly correlation?: string;
  readonly jitter?: string;
  readonly latency?: string;
}

interface BlockChaosSpec {
  readonly action: "delay";
  readonly containerNames?: readonly string[];
  readonly delay?: BlockChaosDelay;
  readonly duration?: string;
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly remoteCluster?: string;
  readonly selector: Selector;
  readonly value?: string;
  readonly volumeName: string;
}

interface BlockChaosStatus {
  readonly conditions?: readonly Condition[];
  readonly experiment: Experiment;
  readonly ids?: Readonly<Record<string, number>>;
}

interface ChaosStatus {
  readonly conditions?: readonly Condition[];
  readonly experiment: Experiment;
}

interface Condition {
  readonly reason?: string;
  readonly status: string;
  readonly type: string;
}

interface DNSChaosSpec {
  readonly action: "error" | "random";
  readonly containerNames?: readonly string[];
  readonly duration?: string;
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly patterns?: readonly string[];
  readonly remoteCluster?: string;
  readonly selector: Selector;
  readonly value?: string;
}

interface Experiment {
  readonly containerRecords?: readonly TargetRecord[];
  readonly desiredPhase?: "Run" | "Stop";
}

interface GCPChaosSpec {
  readonly action: "node-stop" | "node-reset" | "disk-loss";
  readonly deviceNames?: readonly string[];
  readonly duration?: string;
  readonly instance: string;
  readonly project: string;
  readonly remoteCluster?: string;
  readonly secretName?: string;
  readonly zone: string;
}

interface GCPChaosStatus {
  readonly attachedDiskStrings?: readonly string[];
  readonly conditions?: readonly Condition[];
  readonly experiment: Experiment;
}

interface HTTPChaosBody {
  readonly type: string;
  readonly value: string;
}

interface HTTPChaosPatch {
  readonly body?: HTTPChaosBody;
  readonly headers?: readonly (readonly string[])[];
  readonly queries?: readonly (readonly string[])[];
}

interface HTTPChaosReplace {
  readonly body?: string;
  readonly code?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly path?: string;
  readonly queries?: Readonly<Record<string, string>>;
}

interface HTTPChaosSpec {
  readonly abort?: boolean;
  readonly code?: number;
  readonly delay?: string;
  readonly duration?: string;
  readonly method?: string;
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly patch?: HTTPChaosPatch;
  readonly path?: string;
  readonly port?: number;
  readonly remoteCluster?: string;
  readonly replace?: HTTPChaosReplace;
  readonly request_headers?: Readonly<Record<string, string>>;
  readonly response_headers?: Readonly<Record<string, string>>;
  readonly selector: Selector;
  readonly target: "Request" | "Response";
  readonly tls?: HTTPChaosTls;
  readonly value?: string;
}

interface HTTPChaosStatus {
  readonly conditions?: readonly Condition[];
  readonly experiment: Experiment;
  readonly instances?: Readonly<Record<string, number>>;
}

interface HTTPChaosTls {
  readonly caName?: string;
  readonly certName: string;
  readonly keyName: string;
  readonly secretName: string;
  readonly secretNamespace: string;
}

interface IOChaosAtime {
  readonly nsec: number;
  readonly sec: number;
}

interface IOChaosAttr {
  readonly atime?: IOChaosAtime;
  readonly blocks?: number;
  readonly ctime?: IOChaosAtime;
  readonly gid?: number;
  readonly ino?: number;
  readonly kind?: string;
  readonly mtime?: IOChaosAtime;
  readonly nlink?: number;
  readonly perm?: number;
  readonly rdev?: number;
  readonly size?: number;
  readonly uid?: number;
}

interface IOChaosMistake {
  readonly filling?: "zero" | "random";
  readonly maxLength?: number;
  readonly maxOccurrences?: number;
}

interface IOChaosSpec {
  readonly action: "latency" | "fault" | "attrOverride" | "mistake";
  readonly attr?: IOChaosAttr;
  readonly containerNames?: readonly string[];
  readonly delay?: string;
  readonly duration?: string;
  readonly errno?: number;
  readonly methods?: readonly string[];
  readonly mistake?: IOChaosMistake;
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly path?: string;
  readonly percent?: number;
  readonly remoteCluster?: string;
  readonly selector: Selector;
  readonly value?: string;
  readonly volumePath: string;
}

interface JVMChaosSpec {
  readonly action: "latency" | "return" | "exception" | "stress" | "gc" | "ruleData" | "mysql";
  readonly class?: string;
  readonly containerNames?: readonly string[];
  readonly cpuCount?: number;
  readonly database?: string;
  readonly duration?: string;
  readonly exception?: string;
  readonly latency?: number;
  readonly memType?: string;
  readonly method?: string;
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly mysqlConnectorVersion?: string;
  readonly name?: string;
  readonly pid?: number;
  readonly port?: number;
  readonly remoteCluster?: string;
  readonly returnValue?: string;
  readonly ruleData?: string;
  readonly selector: Selector;
  readonly sqlType?: string;
  readonly table?: string;
  readonly value?: string;
}

interface KernelChaosCallchain {
  readonly funcname?: string;
  readonly parameters?: string;
  readonly predicate?: string;
}

interface KernelChaosFailKernRequest {
  readonly callchain?: readonly KernelChaosCallchain[];
  readonly failtype: number;
  readonly headers?: readonly string[];
  readonly probability?: number;
  readonly times?: number;
}

interface KernelChaosSpec {
  readonly containerNames?: readonly string[];
  readonly duration?: string;
  readonly failKernRequest: KernelChaosFailKernRequest;
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly remoteCluster?: string;
  readonly selector: Selector;
  readonly value?: string;
}

interface NetworkChaosBandwidth {
  readonly buffer: number;
  readonly limit: number;
  readonly minburst?: number;
  readonly peakrate?: number;
  readonly rate: string;
}

interface NetworkChaosCorrupt {
  readonly correlation?: string;
  readonly corrupt: string;
}

interface NetworkChaosDelay {
  readonly correlation?: string;
  readonly jitter?: string;
  readonly latency: string;
  readonly reorder?: NetworkChaosReorder;
}

interface NetworkChaosDuplicate {
  readonly correlation?: string;
  readonly duplicate: string;
}

interface NetworkChaosLoss {
  readonly correlation?: string;
  readonly loss: string;
}

interface NetworkChaosRate {
  readonly rate: string;
}

interface NetworkChaosReorder {
  readonly correlation?: string;
  readonly gap: number;
  readonly reorder: string;
}

interface NetworkChaosSpec {
  readonly action: "netem" | "delay" | "loss" | "duplicate" | "corrupt" | "partition" | "bandwidth";
  readonly bandwidth?: NetworkChaosBandwidth;
  readonly corrupt?: NetworkChaosCorrupt;
  readonly delay?: NetworkChaosDelay;
  readonly device?: string;
  readonly direction?: "to" | "from" | "both";
  readonly duplicate?: NetworkChaosDuplicate;
  readonly duration?: string;
  readonly externalTargets?: readonly string[];
  readonly loss?: NetworkChaosLoss;
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly rate?: NetworkChaosRate;
  readonly remoteCluster?: string;
  readonly selector: Selector;
  readonly target?: NetworkChaosTarget;
  readonly targetDevice?: string;
  readonly value?: string;
}

interface NetworkChaosTarget {
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly selector: Selector;
  readonly value?: string;
}

interface PhysicalMachineChaosClock {
  readonly "clock-ids-slice"?: string;
  readonly pid?: number;
  readonly "time-offset"?: string;
}

interface PhysicalMachineChaosDiskFill {
  readonly "fill-by-fallocate"?: boolean;
  readonly path?: string;
  readonly size?: string;
}

interface PhysicalMachineChaosDiskReadPayload {
  readonly path?: string;
  readonly "payload-process-num"?: number;
  readonly size?: string;
}

interface PhysicalMachineChaosFileAppend {
  readonly count?: number;
  readonly data?: string;
  readonly "file-name"?: string;
}

interface PhysicalMachineChaosFileCreate {
  readonly "dir-name"?: string;
  readonly "file-name"?: string;
}

interface PhysicalMachineChaosFileModify {
  readonly "file-name"?: string;
  readonly privilege?: number;
}

interface PhysicalMachineChaosFileRename {
  readonly "dest-file"?: string;
  readonly "source-file"?: string;
}

interface PhysicalMachineChaosFileReplace {
  readonly "dest-string"?: string;
  readonly "file-name"?: string;
  readonly line?: number;
  readonly "origin-string"?: string;
}

interface PhysicalMachineChaosHttpAbort {
  readonly code?: string;
  readonly method?: string;
  readonly path?: string;
  readonly port?: number;
  readonly proxy_ports: readonly number[];
  readonly target: string;
}

interface PhysicalMachineChaosHttpConfig {
  readonly file_path?: string;
}

interface PhysicalMachineChaosHttpDelay {
  readonly code?: string;
  readonly delay: string;
  readonly method?: string;
  readonly path?: string;
  readonly port?: number;
  readonly proxy_ports: readonly number[];
  readonly target: string;
}

interface PhysicalMachineChaosHttpRequest {
  readonly count?: number;
  readonly "enable-conn-pool"?: boolean;
  readonly url?: string;
}

interface PhysicalMachineChaosJvmException {
  readonly class?: string;
  readonly exception?: string;
  readonly method?: string;
  readonly pid?: number;
  readonly port?: number;
}

interface PhysicalMachineChaosJvmGc {
  readonly pid?: number;
  readonly port?: number;
}

interface PhysicalMachineChaosJvmLatency {
  readonly class?: string;
  readonly latency?: number;
  readonly method?: string;
  readonly pid?: number;
  readonly port?: number;
}

interface PhysicalMachineChaosJvmMysql {
  readonly database?: string;
  readonly exception?: string;
  readonly latency?: number;
  readonly mysqlConnectorVersion?: string;
  readonly pid?: number;
  readonly port?: number;
  readonly sqlType?: string;
  readonly table?: string;
}

interface PhysicalMachineChaosJvmReturn {
  readonly class?: string;
  readonly method?: string;
  readonly pid?: number;
  readonly port?: number;
  readonly value?: string;
}

interface PhysicalMachineChaosJvmRuleData {
  readonly pid?: number;
  readonly port?: number;
  readonly "rule-data"?: string;
}

interface PhysicalMachineChaosJvmStress {
  readonly "cpu-count"?: number;
  readonly "mem-type"?: string;
  readonly pid?: number;
  readonly port?: number;
}

interface PhysicalMachineChaosKafkaFill {
  readonly host?: string;
  readonly maxBytes?: number;
  readonly messageSize?: number;
  readonly password?: string;
  readonly port?: number;
  readonly reloadCommand?: string;
  readonly topic?: string;
  readonly username?: string;
}

interface PhysicalMachineChaosKafkaFlood {
  readonly host?: string;
  readonly messageSize?: number;
  readonly password?: string;
  readonly port?: number;
  readonly threads?: number;
  readonly topic?: string;
  readonly username?: string;
}

interface PhysicalMachineChaosKafkaIo {
  readonly configFile?: string;
  readonly nonReadable?: boolean;
  readonly nonWritable?: boolean;
  readonly topic?: string;
}

interface PhysicalMachineChaosNetworkBandwidth {
  readonly buffer: number;
  readonly device?: string;
  readonly hostname?: string;
  readonly "ip-address"?: string;
  readonly limit: number;
  readonly minburst?: number;
  readonly peakrate?: number;
  readonly rate: string;
}

interface PhysicalMachineChaosNetworkCorrupt {
  readonly correlation?: string;
  readonly device?: string;
  readonly "egress-port"?: string;
  readonly hostname?: string;
  readonly "ip-address"?: string;
  readonly "ip-protocol"?: string;
  readonly percent?: string;
  readonly "source-port"?: string;
}

interface PhysicalMachineChaosNetworkDelay {
  readonly "accept-tcp-flags"?: string;
  readonly correlation?: string;
  readonly device?: string;
  readonly "egress-port"?: string;
  readonly hostname?: string;
  readonly "ip-address"?: string;
  readonly "ip-protocol"?: string;
  readonly jitter?: string;
  readonly latency?: string;
  readonly "source-port"?: string;
}

interface PhysicalMachineChaosNetworkDns {
  readonly "dns-domain-name"?: string;
  readonly "dns-ip"?: string;
  readonly "dns-server"?: string;
}

interface PhysicalMachineChaosNetworkDown {
  readonly device?: string;
  readonly duration?: string;
}

interface PhysicalMachineChaosNetworkFlood {
  readonly duration: string;
  readonly "ip-address"?: string;
  readonly parallel?: number;
  readonly port?: string;
  readonly rate: string;
}

interface PhysicalMachineChaosNetworkPartition {
  readonly "accept-tcp-flags"?: string;
  readonly device?: string;
  readonly direction?: string;
  readonly hostname?: string;
  readonly "ip-address"?: string;
  readonly "ip-protocol"?: string;
}

interface PhysicalMachineChaosProcess {
  readonly process?: string;
  readonly recoverCmd?: string;
  readonly signal?: number;
}

interface PhysicalMachineChaosRedisCacheLimit {
  readonly addr?: string;
  readonly cacheSize?: string;
  readonly password?: string;
  readonly percent?: string;
}

interface PhysicalMachineChaosRedisExpiration {
  readonly addr?: string;
  readonly expiration?: string;
  readonly key?: string;
  readonly option?: string;
  readonly password?: string;
}

interface PhysicalMachineChaosRedisPenetration {
  readonly addr?: string;
  readonly password?: string;
  readonly requestNum?: number;
}

interface PhysicalMachineChaosRedisRestart {
  readonly addr?: string;
  readonly conf?: string;
  readonly flushConfig?: boolean;
  readonly password?: string;
  readonly redisPath?: boolean;
}

interface PhysicalMachineChaosSelector {
  readonly annotationSelectors?: Readonly<Record<string, string>>;
  readonly expressionSelectors?: readonly Requirement[];
  readonly fieldSelectors?: Readonly<Record<string, string>>;
  readonly labelSelectors?: Readonly<Record<string, string>>;
  readonly namespaces?: readonly string[];
  readonly physicalMachines?: Readonly<Record<string, readonly string[]>>;
}

interface PhysicalMachineChaosSpec {
  readonly action: "stress-cpu" | "stress-mem" | "disk-read-payload" | "disk-write-payload" | "disk-fill" | "network-corrupt" | "network-duplicate" | "network-loss" | "network-delay" | "network-partition" | "network-dns" | "network-bandwidth" | "network-flood" | "network-down" | "process" | "jvm-exception" | "jvm-gc" | "jvm-latency" | "jvm-return" | "jvm-stress" | "jvm-rule-data" | "jvm-mysql" | "clock" | "redis-expiration" | "redis-penetration" | "redis-cacheLimit" | "redis-restart" | "redis-stop" | "kafka-fill" | "kafka-flood" | "kafka-io" | "file-create" | "file-modify" | "file-delete" | "file-rename" | "file-append" | "file-replace" | "vm" | "user_defined";
  readonly address?: readonly string[];
  readonly clock?: PhysicalMachineChaosClock;
  readonly "disk-fill"?: PhysicalMachineChaosDiskFill;
  readonly "disk-read-payload"?: PhysicalMachineChaosDiskReadPayload;
  readonly "disk-write-payload"?: PhysicalMachineChaosDiskReadPayload;
  readonly duration?: string;
  readonly "file-append"?: PhysicalMachineChaosFileAppend;
  readonly "file-create"?: PhysicalMachineChaosFileCreate;
  readonly "file-delete"?: PhysicalMachineChaosFileCreate;
  readonly "file-modify"?: PhysicalMachineChaosFileModify;
  readonly "file-rename"?: PhysicalMachineChaosFileRename;
  readonly "file-replace"?: PhysicalMachineChaosFileReplace;
  readonly "http-abort"?: PhysicalMachineChaosHttpAbort;
  readonly "http-config"?: PhysicalMachineChaosHttpConfig;
  readonly "http-delay"?: PhysicalMachineChaosHttpDelay;
  readonly "http-request"?: PhysicalMachineChaosHttpRequest;
  readonly "jvm-exception"?: PhysicalMachineChaosJvmException;
  readonly "jvm-gc"?: PhysicalMachineChaosJvmGc;
  readonly "jvm-latency"?: PhysicalMachineChaosJvmLatency;
  readonly "jvm-mysql"?: PhysicalMachineChaosJvmMysql;
  readonly "jvm-return"?: PhysicalMachineChaosJvmReturn;
  readonly "jvm-rule-data"?: PhysicalMachineChaosJvmRuleData;
  readonly "jvm-stress"?: PhysicalMachineChaosJvmStress;
  readonly "kafka-fill"?: PhysicalMachineChaosKafkaFill;
  readonly "kafka-flood"?: PhysicalMachineChaosKafkaFlood;
  readonly "kafka-io"?: PhysicalMachineChaosKafkaIo;
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly "network-bandwidth"?: PhysicalMachineChaosNetworkBandwidth;
  readonly "network-corrupt"?: PhysicalMachineChaosNetworkCorrupt;
  readonly "network-delay"?: PhysicalMachineChaosNetworkDelay;
  readonly "network-dns"?: PhysicalMachineChaosNetworkDns;
  readonly "network-down"?: PhysicalMachineChaosNetworkDown;
  readonly "network-duplicate"?: PhysicalMachineChaosNetworkCorrupt;
  readonly "network-flood"?: PhysicalMachineChaosNetworkFlood;
  readonly "network-loss"?: PhysicalMachineChaosNetworkCorrupt;
  readonly "network-partition"?: PhysicalMachineChaosNetworkPartition;
  readonly process?: PhysicalMachineChaosProcess;
  readonly "redis-cacheLimit"?: PhysicalMachineChaosRedisCacheLimit;
  readonly "redis-expiration"?: PhysicalMachineChaosRedisExpiration;
  readonly "redis-penetration"?: PhysicalMachineChaosRedisPenetration;
  readonly "redis-restart"?: PhysicalMachineChaosRedisRestart;
  readonly "redis-stop"?: PhysicalMachineChaosRedisRestart;
  readonly remoteCluster?: string;
  readonly selector?: PhysicalMachineChaosSelector;
  readonly "stress-cpu"?: PhysicalMachineChaosStressCpu;
  readonly "stress-mem"?: PhysicalMachineChaosStressMem;
  readonly uid?: string;
  readonly user_defined?: PhysicalMachineChaosUserDefined;
  readonly value?: string;
  readonly vm?: PhysicalMachineChaosVm;
}

interface PhysicalMachineChaosStressCpu {
  readonly load?: number;
  readonly options?: readonly string[];
  readonly workers?: number;
}

interface PhysicalMachineChaosStressMem {
  readonly options?: readonly string[];
  readonly size?: string;
}

interface PhysicalMachineChaosUserDefined {
  readonly attackCmd?: string;
  readonly recoverCmd?: string;
}

interface PhysicalMachineChaosVm {
  readonly "vm-name"?: string;
}

interface PhysicalMachineSpec {
  readonly address: string;
}

interface PodChaosSpec {
  readonly action: "pod-kill" | "pod-failure" | "container-kill";
  readonly containerNames?: readonly string[];
  readonly duration?: string;
  readonly gracePeriod?: number;
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly remoteCluster?: string;
  readonly selector: Selector;
  readonly value?: string;
}

interface PodHttpChaosActions {
  readonly abort?: boolean;
  readonly delay?: string;
  readonly patch?: HTTPChaosPatch;
  readonly replace?: HTTPChaosReplace;
}

interface PodHttpChaosRules {
  readonly actions: PodHttpChaosActions;
  readonly port: number;
  readonly selector: PodHttpChaosSelector;
  readonly source?: string;
  readonly target: string;
}

interface PodHttpChaosSelector {
  readonly code?: number;
  readonly method?: string;
  readonly path?: string;
  readonly port?: number;
  readonly request_headers?: Readonly<Record<string, string>>;
  readonly response_headers?: Readonly<Record<string, string>>;
}

interface PodHttpChaosSpec {
  readonly rules?: readonly PodHttpChaosRules[];
  readonly tls?: HTTPChaosTls;
}

interface PodHttpChaosStatus {
  readonly failedMessage?: string;
  readonly observedGeneration?: number;
  readonly pid?: number;
  readonly startTime?: number;
}

interface PodIOChaosActions {
  readonly atime?: IOChaosAtime;
  readonly blocks?: number;
  readonly ctime?: IOChaosAtime;
  readonly faults?: readonly PodIOChaosFaults[];
  readonly gid?: number;
  readonly ino?: number;
  readonly kind?: string;
  readonly latency?: string;
  readonly methods?: readonly string[];
  readonly mistake?: IOChaosMistake;
  readonly mtime?: IOChaosAtime;
  readonly nlink?: number;
  readonly path: string;
  readonly percent: number;
  readonly perm?: number;
  readonly rdev?: number;
  readonly size?: number;
  readonly source?: string;
  readonly type: string;
  readonly uid?: number;
}

interface PodIOChaosFaults {
  readonly errno: number;
  readonly weight: number;
}

interface PodIOChaosSpec {
  readonly actions?: readonly PodIOChaosActions[];
  readonly container?: string;
  readonly volumeMountPath: string;
}

interface PodNetworkChaosCidrAndPorts {
  readonly cidr: string;
  readonly port: number;
}

interface PodNetworkChaosIpsets {
  readonly cidrAndPorts?: readonly PodNetworkChaosCidrAndPorts[];
  readonly cidrs?: readonly string[];
  readonly ipsetType: string;
  readonly name: string;
  readonly setNames?: readonly string[];
  readonly source: string;
}

interface PodNetworkChaosIptables {
  readonly device?: string;
  readonly direction: string;
  readonly ipsets?: readonly string[];
  readonly name: string;
  readonly source: string;
}

interface PodNetworkChaosSpec {
  readonly ipsets?: readonly PodNetworkChaosIpsets[];
  readonly iptables?: readonly PodNetworkChaosIptables[];
  readonly tcs?: readonly PodNetworkChaosTcs[];
}

interface PodNetworkChaosStatus {
  readonly failedMessage?: string;
  readonly observedGeneration?: number;
}

interface PodNetworkChaosTcs {
  readonly bandwidth?: NetworkChaosBandwidth;
  readonly corrupt?: NetworkChaosCorrupt;
  readonly delay?: NetworkChaosDelay;
  readonly device?: string;
  readonly duplicate?: NetworkChaosDuplicate;
  readonly ipset?: string;
  readonly loss?: NetworkChaosLoss;
  readonly rate?: NetworkChaosRate;
  readonly source: string;
  readonly type: string;
}

interface RecordEvent {
  readonly message?: string;
  readonly operation: string;
  readonly timestamp: string;
  readonly type: string;
}

interface RemoteClusterKubeConfig {
  readonly secretRef: RemoteClusterSecretRef;
}

interface RemoteClusterSecretRef {
  readonly key: string;
  readonly name: string;
  readonly namespace: string;
}

interface RemoteClusterSpec {
  readonly configOverride?: unknown;
  readonly kubeConfig: RemoteClusterKubeConfig;
  readonly namespace: string;
  readonly version: string;
}

interface RemoteClusterStatus {
  readonly conditions?: readonly Condition[];
  readonly currentVersion: string;
  readonly observedGeneration?: number;
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface ScheduleActive {
  readonly apiVersion?: string;
  readonly fieldPath?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly resourceVersion?: string;
  readonly uid?: string;
}

interface ScheduleSpec {
  readonly awsChaos?: AWSChaosSpec;
  readonly azureChaos?: AzureChaosSpec;
  readonly blockChaos?: BlockChaosSpec;
  readonly concurrencyPolicy?: "Forbid" | "Allow";
  readonly dnsChaos?: DNSChaosSpec;
  readonly gcpChaos?: GCPChaosSpec;
  readonly historyLimit?: number;
  readonly httpChaos?: HTTPChaosSpec;
  readonly ioChaos?: IOChaosSpec;
  readonly jvmChaos?: JVMChaosSpec;
  readonly kernelChaos?: KernelChaosSpec;
  readonly networkChaos?: NetworkChaosSpec;
  readonly physicalmachineChaos?: PhysicalMachineChaosSpec;
  readonly podChaos?: PodChaosSpec;
  readonly schedule: string;
  readonly startingDeadlineSeconds?: number;
  readonly stressChaos?: StressChaosSpec;
  readonly timeChaos?: TimeChaosSpec;
  readonly type: string;
  readonly workflow?: WorkflowSpec;
}

interface ScheduleStatus {
  readonly active?: readonly ScheduleActive[];
  readonly time?: string;
}

interface Selector {
  readonly annotationSelectors?: Readonly<Record<string, string>>;
  readonly expressionSelectors?: readonly Requirement[];
  readonly fieldSelectors?: Readonly<Record<string, string>>;
  readonly labelSelectors?: Readonly<Record<string, string>>;
  readonly namespaces?: readonly string[];
  readonly nodeSelectors?: Readonly<Record<string, string>>;
  readonly nodes?: readonly string[];
  readonly podPhaseSelectors?: readonly string[];
  readonly pods?: Readonly<Record<string, readonly string[]>>;
}

interface StatusCheckConditions {
  readonly lastProbeTime: string;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly status: string;
  readonly type: string;
}

interface StatusCheckCriteria {
  readonly statusCode: string;
}

interface StatusCheckHttp {
  readonly body?: string;
  readonly criteria: StatusCheckCriteria;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly method?: "GET" | "POST";
  readonly url: string;
}

interface StatusCheckRecords {
  readonly outcome: string;
  readonly startTime: string;
}

interface StatusCheckSpec {
  readonly duration?: string;
  readonly failureThreshold?: number;
  readonly http?: StatusCheckHttp;
  readonly intervalSeconds?: number;
  readonly mode?: "Synchronous" | "Continuous";
  readonly recordsHistoryLimit?: number;
  readonly successThreshold?: number;
  readonly timeoutSeconds?: number;
  readonly type: "HTTP";
}

interface StatusCheckStatus {
  readonly completionTime?: string;
  readonly conditions?: readonly StatusCheckConditions[];
  readonly count?: number;
  readonly records?: readonly StatusCheckRecords[];
  readonly startTime?: string;
}

interface StressChaosCpu {
  readonly load?: number;
  readonly options?: readonly string[];
  readonly workers: number;
}

interface StressChaosInstances {
  readonly memoryStartTime?: string;
  readonly memoryUid?: string;
  readonly startTime?: string;
  readonly uid?: string;
}

interface StressChaosMemory {
  readonly oomScoreAdj?: number;
  readonly options?: readonly string[];
  readonly size?: string;
  readonly workers: number;
}

interface StressChaosSpec {
  readonly containerNames?: readonly string[];
  readonly duration?: string;
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly remoteCluster?: string;
  readonly selector: Selector;
  readonly stressngStressors?: string;
  readonly stressors?: StressChaosStressors;
  readonly value?: string;
}

interface StressChaosStatus {
  readonly conditions?: readonly Condition[];
  readonly experiment: Experiment;
  readonly instances?: Readonly<Record<string, StressChaosInstances>>;
}

interface StressChaosStressors {
  readonly cpu?: StressChaosCpu;
  readonly memory?: StressChaosMemory;
}

interface TargetRecord {
  readonly events?: readonly RecordEvent[];
  readonly id: string;
  readonly injectedCount: number;
  readonly phase: string;
  readonly recoveredCount: number;
  readonly selectorKey: string;
}

interface TimeChaosSpec {
  readonly clockIds?: readonly string[];
  readonly containerNames?: readonly string[];
  readonly duration?: string;
  readonly mode: "one" | "all" | "fixed" | "fixed-percent" | "random-max-percent";
  readonly remoteCluster?: string;
  readonly selector: Selector;
  readonly timeOffset: string;
  readonly value?: string;
}

interface WorkflowConditionalBranches {
  readonly expression?: string;
  readonly target: string;
}

interface WorkflowConditions {
  readonly reason: string;
  readonly startTime?: string;
  readonly status: string;
  readonly type: string;
}

interface WorkflowNodeActiveChildren {
  readonly name?: string;
}

interface WorkflowNodeBranches {
  readonly evaluationResult: string;
  readonly target: string;
}

interface WorkflowNodeChaosResource {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
}

interface WorkflowNodeConditionalBranchesStatus {
  readonly branches?: readonly WorkflowNodeBranches[];
  readonly context?: readonly string[];
}

interface WorkflowNodeConditions {
  readonly reason: string;
  readonly status: string;
  readonly type: string;
}

interface WorkflowNodeSpec {
  readonly abortWithStatusCheck?: boolean;
  readonly awsChaos?: AWSChaosSpec;
  readonly azureChaos?: AzureChaosSpec;
  readonly blockChaos?: BlockChaosSpec;
  readonly children?: readonly string[];
  readonly conditionalBranches?: readonly WorkflowConditionalBranches[];
  readonly deadline?: string;
  readonly dnsChaos?: DNSChaosSpec;
  readonly gcpChaos?: GCPChaosSpec;
  readonly httpChaos?: HTTPChaosSpec;
  readonly ioChaos?: IOChaosSpec;
  readonly jvmChaos?: JVMChaosSpec;
  readonly kernelChaos?: KernelChaosSpec;
  readonly networkChaos?: NetworkChaosSpec;
  readonly physicalmachineChaos?: PhysicalMachineChaosSpec;
  readonly podChaos?: PodChaosSpec;
  readonly schedule?: ScheduleSpec;
  readonly startTime: string;
  readonly statusCheck?: StatusCheckSpec;
  readonly stressChaos?: StressChaosSpec;
  readonly task?: WorkflowTask;
  readonly templateName: string;
  readonly timeChaos?: TimeChaosSpec;
  readonly type: string;
  readonly workflowName: string;
}

interface WorkflowNodeStatus {
  readonly activeChildren?: readonly WorkflowNodeActiveChildren[];
  readonly chaosResource?: WorkflowNodeChaosResource;
  readonly conditionalBranchesStatus?: WorkflowNodeConditionalBranchesStatus;
  readonly conditions?: readonly WorkflowNodeConditions[];
  readonly finishedChildren?: readonly WorkflowNodeActiveChildren[];
}

interface WorkflowSchedule {
  readonly awsChaos?: AWSChaosSpec;
  readonly azureChaos?: AzureChaosSpec;
  readonly blockChaos?: BlockChaosSpec;
  readonly concurrencyPolicy?: "Forbid" | "Allow";
  readonly dnsChaos?: DNSChaosSpec;
  readonly gcpChaos?: GCPChaosSpec;
  readonly historyLimit?: number;
  readonly httpChaos?: HTTPChaosSpec;
  readonly ioChaos?: IOChaosSpec;
  readonly jvmChaos?: JVMChaosSpec;
  readonly kernelChaos?: KernelChaosSpec;
  readonly networkChaos?: NetworkChaosSpec;
  readonly physicalmachineChaos?: PhysicalMachineChaosSpec;
  readonly podChaos?: PodChaosSpec;
  readonly schedule: string;
  readonly startingDeadlineSeconds?: number;
  readonly stressChaos?: StressChaosSpec;
  readonly timeChaos?: TimeChaosSpec;
  readonly type: string;
}

interface WorkflowSpec {
  readonly entry: string;
  readonly templates: readonly WorkflowTemplates[];
}

interface WorkflowStatus {
  readonly conditions?: readonly WorkflowConditions[];
  readonly endTime?: string;
  readonly entryNode?: string;
  readonly startTime?: string;
}

interface WorkflowTask {
  readonly container?: unknown;
  readonly labels?: Readonly<Record<string, string>>;
  readonly volumes?: unknown;
}

interface WorkflowTemplates {
  readonly abortWithStatusCheck?: boolean;
  readonly awsChaos?: AWSChaosSpec;
  readonly azureChaos?: AzureChaosSpec;
  readonly blockChaos?: BlockChaosSpec;
  readonly children?: readonly string[];
  readonly conditionalBranches?: readonly WorkflowConditionalBranches[];
  readonly deadline?: string;
  readonly dnsChaos?: DNSChaosSpec;
  readonly gcpChaos?: GCPChaosSpec;
  readonly httpChaos?: HTTPChaosSpec;
  readonly ioChaos?: IOChaosSpec;
  readonly jvmChaos?: JVMChaosSpec;
  readonly kernelChaos?: KernelChaosSpec;
  readonly name: string;
  readonly networkChaos?: NetworkChaosSpec;
  readonly physicalmachineChaos?: PhysicalMachineChaosSpec;
  readonly podChaos?: PodChaosSpec;
  readonly schedule?: WorkflowSchedule;
  readonly statusCheck?: StatusCheckSpec;
  readonly stressChaos?: StressChaosSpec;
  readonly task?: WorkflowTask;
  readonly templateType: string;
  readonly timeChaos?: TimeChaosSpec;
}

/** Spec and status of every kind of chaos-mesh.org/v1alpha1. */
export interface Kinds {
  readonly AWSChaos: { readonly spec: AWSChaosSpec; readonly status?: ChaosStatus };
  readonly AzureChaos: { readonly spec: AzureChaosSpec; readonly status?: ChaosStatus };
  readonly BlockChaos: { readonly spec: BlockChaosSpec; readonly status?: BlockChaosStatus };
  readonly DNSChaos: { readonly spec: DNSChaosSpec; readonly status?: ChaosStatus };
  readonly GCPChaos: { readonly spec: GCPChaosSpec; readonly status?: GCPChaosStatus };
  readonly HTTPChaos: { readonly spec: HTTPChaosSpec; readonly status?: HTTPChaosStatus };
  readonly IOChaos: { readonly spec: IOChaosSpec; readonly status?: HTTPChaosStatus };
  readonly JVMChaos: { readonly spec: JVMChaosSpec; readonly status?: ChaosStatus };
  readonly KernelChaos: { readonly spec: KernelChaosSpec; readonly status?: ChaosStatus };
  readonly NetworkChaos: { readonly spec: NetworkChaosSpec; readonly status?: HTTPChaosStatus };
  readonly PhysicalMachine: { readonly spec: PhysicalMachineSpec; readonly status?: undefined };
  readonly PhysicalMachineChaos: { readonly spec: PhysicalMachineChaosSpec; readonly status?: ChaosStatus };
  readonly PodChaos: { readonly spec: PodChaosSpec; readonly status?: ChaosStatus };
  readonly PodHttpChaos: { readonly spec: PodHttpChaosSpec; readonly status?: PodHttpChaosStatus };
  readonly PodIOChaos: { readonly spec: PodIOChaosSpec; readonly status?: PodHttpChaosStatus };
  readonly PodNetworkChaos: { readonly spec: PodNetworkChaosSpec; readonly status?: PodNetworkChaosStatus };
  readonly RemoteCluster: { readonly spec: RemoteClusterSpec; readonly status?: RemoteClusterStatus };
  readonly Schedule: { readonly spec: ScheduleSpec; readonly status?: ScheduleStatus };
  readonly StatusCheck: { readonly spec: StatusCheckSpec; readonly status?: StatusCheckStatus };
  readonly StressChaos: { readonly spec: StressChaosSpec; readonly status?: StressChaosStatus };
  readonly TimeChaos: { readonly spec: TimeChaosSpec; readonly status?: ChaosStatus };
  readonly Workflow: { readonly spec: WorkflowSpec; readonly status?: WorkflowStatus };
  readonly WorkflowNode: { readonly spec: WorkflowNodeSpec; readonly status?: WorkflowNodeStatus };
}
