import type { SystemKnowledge } from '#core/systems/contract.ts';
import { combineSettings } from '#core/systems/tables.ts';
import { gpuVariables } from '#core/systems/tfjob/knowledge/gpu.ts';
import { tensorflowVariables } from '#core/systems/tfjob/knowledge/tensorflow.ts';

export const tfjobKnowledge: SystemKnowledge = {
  freeForm: [],
  files: [],
  environments: [
    {
      image: /(?:^|\/)(?:tensorflow|nvidia)\/tensorflow(?::|@|$)/,
      table: {
        name: 'Variables of TensorFlow',
        documentation: 'https://www.tensorflow.org/guide/distributed_training',
        entries: combineSettings(tensorflowVariables, gpuVariables),
        reserved: {
          prefixes: ['TF_CONFIG'],
          except: [],
          reason:
            'In a TFJob the Kubeflow Training Operator sets it for every replica; write it only where no operator runs the pods.',
        },
      },
    },
  ],
};
