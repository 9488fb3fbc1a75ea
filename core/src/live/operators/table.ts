import { operatorNames } from '#core/systems/operatorNames.ts';

/** How an operator is told the namespaces it watches. */
export interface WatchedNamespaces {
  /** Variables that hold them, separated by commas; `*` and empty stand for all. */
  readonly variables?: readonly string[];
  /** Options that hold them: `--namespaces`. */
  readonly options?: readonly string[];
  /** Whether it watches all when none of them is given; otherwise nothing is known then. */
  readonly isAllByDefault: boolean;
}

/** An operator of one of the systems, known by the image that its Deployment runs. */
export interface KnownOperator {
  /** For people. */
  readonly title: string;
  /** As in the tables of kinds. */
  readonly flavour: string;
  /** Matches the repository of the image, without registry, tag and digest. Mirrors put names of their own before it. */
  readonly image: RegExp;
  /** The container's command, where one image has several programs. */
  readonly command?: RegExp;
  /** Names of containers that run something else from the same image. */
  readonly except?: RegExp;
  /** The tag, where it tells one project from a later one. */
  readonly tag?: RegExp;
  readonly watches: WatchedNamespaces;
  /** It answers webhooks and reconciles nothing; another Deployment does that. */
  readonly isWebhookOnly?: boolean;
  /** The project has ended: what happened and what takes its place, as a sentence without its subject. */
  readonly ended?: string;
}

const byVariable: WatchedNamespaces = { variables: ['WATCH_NAMESPACE'], isAllByDefault: false };
const byOption: WatchedNamespaces = { options: ['--namespace', '--namespaces'], isAllByDefault: false };

/**
 * The first row that fits counts. Images and options are those of the manifests and charts of each project; what a row does not say
 * about namespaces could not be found there.
 */
export const knownOperators: readonly KnownOperator[] = [
  {
    title: `${operatorNames.strimzi} Cluster Operator`,
    flavour: 'strimzi',
    image: /(?:^|\/)strimzi\/(?:cluster-)?operator$/,
    except: /topic-operator|user-operator/,
    watches: { variables: ['STRIMZI_NAMESPACE'], isAllByDefault: true },
  },
  {
    title: operatorNames['confluent-for-kubernetes'],
    flavour: 'confluent-for-kubernetes',
    image: /(?:^|\/)confluent-operator$/,
    watches: byOption,
  },
  {
    title: operatorNames['confluent-operator'],
    flavour: 'confluent-operator',
    image: /(?:^|\/)cp-operator(?:-service)?$/,
    watches: byOption,
    ended: 'has ended in 2022; Confluent for Kubernetes took its place',
  },
  {
    title: operatorNames.koperator,
    flavour: 'koperator',
    image: /(?:^|\/)(?:banzaicloud|banzaicloud-team|adobe)\/(?:kafka-operator|koperator)$/,
    watches: { options: ['--namespaces'], isAllByDefault: true },
  },
  {
    title: operatorNames.krallistic,
    flavour: 'krallistic',
    image: /(?:^|\/)krallistic\/kafka-operator$/,
    watches: byOption,
    ended: 'is inactive since 2018; Strimzi can take its place',
  },
  {
    title: operatorNames.nbogojevic,
    flavour: 'nbogojevic',
    image: /(?:^|\/)nbogojevic\/kafka-operator$/,
    watches: byOption,
    ended: 'is inactive since 2019; Strimzi (KafkaTopic) can take its place',
  },
  {
    title: operatorNames['k8ssandra-operator'],
    flavour: 'k8ssandra-operator',
    image: /(?:^|\/)k8ssandra-operator$/,
    watches: byVariable,
  },
  {
    title: operatorNames['cass-operator'],
    flavour: 'cass-operator',
    image: /(?:^|\/)cass-operator$/,
    watches: byVariable,
  },
  {
    title: operatorNames.casskop,
    flavour: 'casskop',
    image: /(?:^|\/)(?:casskop|casskop-operator|cassandra-k8s-operator)$/,
    watches: byVariable,
  },
  {
    title: operatorNames.instaclustr,
    flavour: 'instaclustr',
    image: /(?:^|\/)(?:cassandra-operator|instaclustr)\/cassandra-operator$/,
    watches: byVariable,
    ended: 'has ended and points to cass-operator itself',
  },
  {
    title: operatorNames.vgkowski,
    flavour: 'vgkowski',
    image: /(?:^|\/)(?:vgkowski|sebmoule)\/cassandra-operator$/,
    watches: byOption,
    ended: 'is inactive since 2018; cass-operator can take its place',
  },
  {
    title: operatorNames.aslanbakirov,
    flavour: 'aslanbakirov',
    image: /(?:^|\/)aslanb[ae]kirov\/cassandra-operator$/,
    watches: byOption,
    ended: 'is inactive since 2018; cass-operator can take its place',
  },
  {
    title: operatorNames.sky,
    flavour: 'sky',
    image: /(?:^|\/)(?:skyuk|sky-uk)\/cassandra-operator$/,
    watches: byOption,
    ended: 'is no longer maintained; cass-operator can take its place',
  },
  {
    title: `${operatorNames['kubeflow-spark-operator']} of the time of v1alpha1`,
    flavour: 'kubeflow-spark-operator',
    image: /(?:^|\/)spark-operator$/,
    tag: /v1alpha1/,
    watches: { options: ['--namespace', '-namespace'], isAllByDefault: true },
    ended:
      'serves sparkoperator.k8s.io/v1alpha1 only, which later releases have dropped; the Kubeflow Spark Operator took its place',
  },
  {
    title: `${operatorNames['kubeflow-spark-operator']} webhook`,
    flavour: 'kubeflow-spark-operator',
    image: /(?:^|\/)spark-operator(?:\/controller)?$/,
    command: /(?:^| )webhook start\b/,
    watches: { options: ['--namespaces'], isAllByDefault: true },
    isWebhookOnly: true,
  },
  {
    title: operatorNames['kubeflow-spark-operator'],
    flavour: 'kubeflow-spark-operator',
    image: /(?:^|\/)spark-operator(?:\/controller)?$/,
    watches: { options: ['--namespaces', '--namespace', '-namespace'], isAllByDefault: true },
  },
  {
    title: operatorNames['apache-spark-operator'],
    flavour: 'apache-spark-operator',
    image: /(?:^|\/)spark-kubernetes-operator$/,
    // They stand in a ConfigMap that is not read.
    watches: { isAllByDefault: false },
  },
  {
    title: operatorNames['kubeflow-training-operator'],
    flavour: 'kubeflow-training-operator',
    image: /(?:^|\/)training-operator$/,
    watches: { options: ['--namespace'], variables: ['KUBEFLOW_NAMESPACE'], isAllByDefault: true },
  },
  {
    title: operatorNames['kubeflow-trainer'],
    flavour: 'kubeflow-trainer',
    image: /(?:^|\/)trainer-controller-manager$/,
    // Source: trainer 2.0.0, main of its manager, which limits its cache to no namespace and has no option or variable that could; nor
    // has the configuration file that later releases read (pkg/apis/config, head of 2026).
    watches: { isAllByDefault: true },
  },
  {
    title: 'TF Operator',
    flavour: 'kubeflow-training-operator',
    image: /(?:^|\/)tf[_-]operator$/,
    watches: { options: ['--namespace'], variables: ['KUBEFLOW_NAMESPACE'], isAllByDefault: false },
    ended: 'has become the Kubeflow Training Operator, which took its place',
  },
];
