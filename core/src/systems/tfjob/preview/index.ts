import type { ObjectView } from '#core/lint/rules/object.ts';
import type { Preview, SystemPreview } from '#core/preview/model.ts';
import { foretellTfJob } from '#core/systems/tfjob/preview/tfJob.ts';
import { foretellTrainJob } from '#core/systems/tfjob/preview/trainJob.ts';
import { TFJOB } from '#core/systems/tfjob/rules/replicas.ts';

const byKind: ReadonlyMap<string, (object: ObjectView) => Preview | undefined> = new Map<
  string,
  (object: ObjectView) => Preview | undefined
>([
  [TFJOB, foretellTfJob],
  ['trainer.kubeflow.org/TrainJob', foretellTrainJob],
]);

/** What the Kubeflow Training Operator and Kubeflow Trainer make of a manifest. */
export const tfjobPreview: SystemPreview = {
  kinds: [...byKind.keys()],
  foretell: (object) => byKind.get(object.groupKind)?.(object),
};
