import type { ContainerFacts, DocumentFacts, Recognition } from '#core/systems/contract.ts';
import { recognizeBy, repositoryOf, type RecognitionTable } from '#core/systems/recognition.ts';
import { sparkKinds } from '#core/systems/spark/kinds.ts';

const SPARK_IMAGE = /(?:^|\/)spark(?:-py|-r)?$/;
const ANY_IMAGE = /./;

const STARTS_MASTER_OR_WORKER = /\bdeploy\.(?:master\.Master|worker\.Worker)\b|\bstart-(?:master|worker|slave)\b/;
const STARTS_CONNECT = /\bstart-connect-server\b|\bconnect\.service\.SparkConnectServer\b/;
const STARTS_HISTORY = /\bstart-history-server\b|\bhistory\.HistoryServer\b/;
const SUBMITS = /(?:^|[\s/])spark-submit\s+-/;

const table: RecognitionTable = {
  system: 'spark',
  kinds: sparkKinds,
  images: [
    {
      image: ANY_IMAGE,
      role: 'job',
      flavour: 'kubeflow-spark-operator',
      when: (facts) => isSparkPod(facts) && facts.labels.has('sparkoperator.k8s.io/app-name'),
    },
    {
      image: ANY_IMAGE,
      role: 'job',
      flavour: 'apache-spark-operator',
      when: (facts) => isSparkPod(facts) && facts.labels.has('spark.operator/spark-app-name'),
    },
    { image: ANY_IMAGE, role: 'job', flavour: 'spark-submit', when: isSparkPod },
    { image: ANY_IMAGE, role: 'cluster', flavour: 'standalone', when: someContainer(runsMasterOrWorker) },
    { image: ANY_IMAGE, role: 'cluster', flavour: 'spark-connect', when: commandMatches(STARTS_CONNECT) },
    { image: ANY_IMAGE, role: 'companion', flavour: 'kubernetes', when: commandMatches(STARTS_HISTORY) },
    { image: ANY_IMAGE, role: 'job', flavour: 'spark-submit', when: commandMatches(SUBMITS) },
  ],
  files: ['spark-defaults.conf', 'spark-env.sh'],
};

/** Spark itself puts both labels on drivers and executors. */
function isSparkPod({ kind, labels }: DocumentFacts): boolean {
  const role = labels.get('spark-role');
  return kind === 'Pod' && (role === 'driver' || role === 'executor') && labels.has('spark-app-selector');
}

/** Master and workers of a cluster that Spark manages itself. A client of one may use the same image. */
function runsMasterOrWorker({ image, command, variables, ports }: ContainerFacts): boolean {
  if (STARTS_MASTER_OR_WORKER.test(command)) return true;
  const isSpark = SPARK_IMAGE.test(repositoryOf(image)) && !SUBMITS.test(command);
  return isSpark && (variables.includes('SPARK_MODE') || ports.includes(7077));
}

function someContainer(holds: (container: ContainerFacts) => boolean): (facts: DocumentFacts) => boolean {
  return ({ containers }) => containers.some(holds);
}

function commandMatches(pattern: RegExp): (facts: DocumentFacts) => boolean {
  return someContainer(({ command }) => pattern.test(command));
}

export function recognizeSpark(facts: DocumentFacts): Recognition | undefined {
  return recognizeBy(table, facts);
}
