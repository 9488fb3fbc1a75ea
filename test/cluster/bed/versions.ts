/** Everything the test bed pins. The go.mod files beside the sources pin the same and a test compares them. */
export const versions = {
  /** Kubernetes by minor. Nodes run the first; the others are for rules that depend on the version. */
  kubernetes: { '1.34': '1.34.4', '1.33': '1.33.13' },
  coredns: '1.12.4',
  kafka: '4.3.1',
  scala: '2.13',
  /** The release archive of Kafka carries it, its POMs do not: without it brokers log nothing. */
  log4jBridge: '2.25.4',
  cassandra: '5.0.9',
  /** The last release of the Go module. It runs TFJobs in pods of the nodes. */
  trainingOperator: '1.8.1',
  /** It runs TrainJobs, each by a JobSet. */
  trainer: '2.0.0',
  /** The one that go.mod and manifests of that trainer name. */
  jobset: '0.8.2',
  helm: '3.22.0',
  spark: '4.0.1',
  /** Compiles the bed's own Spark application, because a Java runtime alone has no compiler. */
  ecj: '3.40.0',
  /** What the images are made of. Packages inside float with the mirror. */
  debian: 'bookworm',
  java: '17',
  /** Served as v1 and v1beta2. The 1.2.0 generation excludes it: its definitions have the same names. */
  strimzi: '0.51.0',
  /** The node image that kind 0.30 brings up by default, for machines with Docker. */
  kindNode: 'kindest/node:v1.34.0@sha256:7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a',
} as const;

export type KubernetesMinor = keyof typeof versions.kubernetes;

export const minors: readonly KubernetesMinor[] = ['1.34', '1.33'];
export const nodeMinor: KubernetesMinor = '1.34';
