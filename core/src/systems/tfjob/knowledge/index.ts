import type { SystemKnowledge } from '#core/systems/contract.ts';
import { combineSettings, setting, type SettingTable } from '#core/systems/tables.ts';

/** Variables that TensorFlow and the libraries below it read. */
const variables: SettingTable = {
  TF_CONFIG: setting('string', '', 'The cluster and the part of this process in it, as JSON.'),
  TF_CPP_MIN_LOG_LEVEL: setting(
    'integer',
    '0',
    'What is logged: 0 everything, 1 no information, 2 no warnings, 3 nothing.',
    { values: ['0', '1', '2', '3'] },
  ),
  TF_FORCE_GPU_ALLOW_GROWTH: setting('boolean', 'false', 'Takes memory of the GPU bit by bit instead of all at once.'),
  TF_GPU_ALLOCATOR: setting('string', '', 'How memory of the GPU is given out; `cuda_malloc_async` breaks it up less.'),
  TF_ENABLE_ONEDNN_OPTS: setting(
    'integer',
    '1',
    'Uses the faster routines for CPUs; results may differ in the last digits.',
    { values: ['0', '1'] },
  ),
  TF_NUM_INTRAOP_THREADS: setting(
    'integer',
    '0',
    'Threads within one operation; 0 lets TensorFlow choose by the machine, not by the limit of the container.',
  ),
  TF_NUM_INTEROP_THREADS: setting('integer', '0', 'Operations at the same time.'),
  TF_DETERMINISTIC_OPS: setting('integer', '0', 'Makes results repeatable, at a cost.', { values: ['0', '1'] }),
  OMP_NUM_THREADS: setting('integer', '', 'Threads of OpenMP; set it to the CPU limit.'),
  CUDA_VISIBLE_DEVICES: setting(
    'list',
    '',
    'GPUs the process may use. The device plugin gives the container its own; normally left out.',
  ),
  NVIDIA_VISIBLE_DEVICES: setting('list', '', 'GPUs the container gets. Setting it by hand goes around the scheduler.'),
  NCCL_DEBUG: setting('string', 'VERSION', 'What NCCL logs.', { values: ['VERSION', 'WARN', 'INFO', 'TRACE'] }),
  NCCL_SOCKET_IFNAME: setting('string', '', 'Network interface NCCL uses.'),
  NCCL_IB_DISABLE: setting('integer', '0', 'Turns InfiniBand off.', { values: ['0', '1'] }),
  PYTHONUNBUFFERED: setting('integer', '', 'Writes output at once, so that logs are complete when a pod dies.'),
};

export const tfjobKnowledge: SystemKnowledge = {
  freeForm: [],
  files: [],
  environments: [
    {
      image: /(?:^|\/)tensorflow\/tensorflow(?::|@|$)/,
      table: {
        name: 'Variables of TensorFlow',
        documentation: 'https://www.tensorflow.org/guide/distributed_training',
        entries: combineSettings(variables),
        reserved: {
          prefixes: ['TF_CONFIG'],
          except: [],
          reason: 'The training operator sets it for every replica of a TFJob.',
        },
      },
    },
  ],
};
