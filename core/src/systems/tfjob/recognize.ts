import type { ContainerFacts, DocumentFacts, Recognition } from '#core/systems/contract.ts';
import { recognizeBy, repositoryOf, type RecognitionTable } from '#core/systems/recognition.ts';
import { tfjobKinds } from '#core/systems/tfjob/kinds.ts';

const TENSORFLOW_IMAGE = /(?:^|\/)(?:tensorflow|nvidia)\/tensorflow$/;
const ANY_IMAGE = /./;

/** Port every replica of a TFJob answers on. */
const REPLICA_PORT = 2222;
const TRAINS = /\bpython3? .*\.py\b|\bpython3? -m (?!tensorboard|jupyter|http)/;
const SHOWS_TENSORBOARD = /(?:^|[\s/])tensorboard(?:\.main)?\s+-/;

const table: RecognitionTable = {
  system: 'tfjob',
  kinds: tfjobKinds,
  images: [
    { image: ANY_IMAGE, role: 'job', flavour: 'kubeflow-training-operator', when: isReplica },
    { image: ANY_IMAGE, role: 'companion', flavour: 'kubernetes', when: showsTensorBoard },
    { image: TENSORFLOW_IMAGE, role: 'job', flavour: 'kubernetes', when: trains },
  ],
  files: [],
};

/** A pod that the operator made for a TFJob; other kinds of jobs carry the same first label. */
function isReplica({ kind, labels }: DocumentFacts): boolean {
  const isTfjob = labels.get('training.kubeflow.org/operator-name') === 'tfjob-controller';
  return kind === 'Pod' && isTfjob && labels.has('training.kubeflow.org/job-name');
}

function showsTensorBoard({ kind, containers }: DocumentFacts): boolean {
  return kind !== 'Job' && containers.length > 0 && containers.every(({ command }) => SHOWS_TENSORBOARD.test(command));
}

/** Training without an operator: the cluster is described by hand, or a Job runs a program. */
function trains({ kind, containers }: DocumentFacts): boolean {
  return containers.some((container) => {
    const { image, command } = container;
    if (!TENSORFLOW_IMAGE.test(repositoryOf(image))) return false;
    return isDistributed(container) || (kind === 'Job' && TRAINS.test(command));
  });
}

function isDistributed({ variables, ports }: ContainerFacts): boolean {
  return variables.includes('TF_CONFIG') || ports.includes(REPLICA_PORT);
}

export function recognizeTfjob(facts: DocumentFacts): Recognition | undefined {
  return recognizeBy(table, facts);
}
