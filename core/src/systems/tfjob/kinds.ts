import type { SystemKind } from '#core/systems/contract.ts';

const trainer = { group: 'trainer.kubeflow.org', flavour: 'kubeflow-trainer' } as const;

export const tfjobKinds: readonly SystemKind[] = [
  { group: 'kubeflow.org', kind: 'TFJob', flavour: 'kubeflow-training-operator', role: 'job' },
  { ...trainer, kind: 'TrainJob', role: 'job' },
  { ...trainer, kind: 'TrainingRuntime', role: 'runtime' },
  { ...trainer, kind: 'ClusterTrainingRuntime', role: 'runtime' },
];
